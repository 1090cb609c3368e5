package dev.sluice.functions.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The running server of a data directory, as its {@code postmaster.pid} tells it. Lines, from 1: process id, data
 * directory, start time, port, socket directory, address, shared memory, state.
 *
 * @param process its id in this process namespace
 * @param port on the loopback interface
 * @param ready that it accepts connections
 */
record Postmaster(long process, int port, boolean ready) {
    private static final String FILE = "postmaster.pid";
    private static final int PORT_LINE = 3;
    private static final int STATE_LINE = 7;

    /** Above every process id that Linux gives out. */
    private static final String NOBODY = Integer.toString(Integer.MAX_VALUE);

    /** The server that runs on {@code data} now, if one does. */
    static Optional<Postmaster> find(Path data) throws IOException {
        List<String> lines = lines(data);
        if (lines.size() <= PORT_LINE) {
            return Optional.empty();
        }
        long process = Long.parseLong(lines.getFirst().strip());
        if (!serves(process, data)) {
            return Optional.empty();
        }
        boolean ready =
                lines.size() > STATE_LINE && lines.get(STATE_LINE).strip().equals("ready");
        return Optional.of(
                new Postmaster(process, Integer.parseInt(lines.get(PORT_LINE).strip()), ready));
    }

    /**
     * Makes a file that a killed server left behind harmless when another process has its id by now, for which a start
     * would be refused. The rest of the file stays: by its shared memory the next server sees whether any process of the
     * last one still works on the data.
     */
    static void disown(Path data) throws IOException {
        List<String> lines = new ArrayList<>(lines(data));
        if (!lines.isEmpty() && find(data).isEmpty()) {
            lines.set(0, NOBODY);
            Files.write(data.resolve(FILE), lines);
        }
    }

    private static boolean serves(long process, Path data) throws IOException {
        try {
            String commandLine = Files.readString(Path.of("/proc", Long.toString(process), "cmdline"));
            List<String> arguments = Arrays.asList(commandLine.split("\0", -1));
            return arguments.getFirst().endsWith("postgres") && arguments.contains(data.toString());
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            // A process that ends while its entry is read.
            if (Files.exists(Path.of("/proc", Long.toString(process)))) {
                throw e;
            }
            return false;
        }
    }

    private static List<String> lines(Path data) throws IOException {
        try {
            return Files.readAllLines(data.resolve(FILE));
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
