package dev.sluice.lab;

import java.nio.file.Path;
import java.util.Optional;

/** Where things are on the host's file system and on the lab's own. */
final class Place {
    /** The lab's own files; on a file system of the lab's own, gone with it. */
    static final Path INSIDE = Path.of("/run/sluice-lab");

    /** The socket on which the holder takes commands. */
    static final Path CONTROL = INSIDE.resolve("control");

    private Place() {}

    /** The tree that the launcher belongs to. */
    static Path tree() {
        return Path.of(Optional.ofNullable(System.getenv("SLUICE_HOME"))
                .orElseThrow(() -> new LabException("start this through ./sluice")));
    }

    /** A built tree of the version before, where one is given. */
    static Optional<Path> previousTree() {
        return Optional.ofNullable(System.getenv("SLUICE_PREVIOUS"))
                .filter(value -> !value.isEmpty())
                .map(value -> Path.of(value).toAbsolutePath().normalize());
    }

    /** The file that says who holds the lab of this user. */
    static Path state() {
        return Optional.ofNullable(System.getenv("XDG_STATE_HOME"))
                .filter(value -> !value.isEmpty())
                .map(Path::of)
                .orElseGet(() -> home().resolve(".local").resolve("state"))
                .resolve("sluice")
                .resolve("lab");
    }

    /** Where this user keeps what can be made again. */
    static Path cache() {
        return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(value -> !value.isEmpty())
                .map(Path::of)
                .orElseGet(() -> home().resolve(".cache"));
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static Path home() {
        return Path.of(Optional.ofNullable(System.getenv("HOME")).orElse(System.getProperty("user.home")));
    }
}
