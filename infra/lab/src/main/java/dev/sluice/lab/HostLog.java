package dev.sluice.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The log of one host: what the parts on it have written. */
final class HostLog {
    private static final Path DIRECTORY = Place.INSIDE.resolve("log");

    private HostLog() {}

    static Path path(String host) {
        return DIRECTORY.resolve(host + ".log");
    }

    /** The log of {@code host}, in a directory that exists. */
    static Path file(String host) {
        try {
            Files.createDirectories(DIRECTORY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return path(host);
    }

    /** The last {@code count} lines, none when the host has written nothing. */
    static List<String> tail(String host, int count) {
        try {
            List<String> lines = Files.exists(file(host)) ? Files.readAllLines(file(host)) : List.of();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
