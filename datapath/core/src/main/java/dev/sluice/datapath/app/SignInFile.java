package dev.sluice.datapath.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Where the token is kept of whoever has signed in on this host: a file of the state directory, its owner's alone. */
final class SignInFile {
    private static final String NAME = "client.token";

    private SignInFile() {}

    static Path in(Path stateDirectory) {
        return stateDirectory.resolve(NAME);
    }

    /** What it holds; empty if there is none. */
    static String read(Path file) {
        return Files.exists(file) ? TokenSource.bare(SecretFile.read(file, "token")) : "";
    }

    /** Writes it as a whole: whoever reads meanwhile sees what was, or what is. */
    static void write(Path file, String token) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            Files.createDirectories(directory);
            Path fresh = Files.createTempFile(
                    directory,
                    NAME,
                    null,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, token + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw unwritable(file, failure);
        }
    }

    /** @return whether there was one */
    static boolean delete(Path file) {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException failure) {
            throw unwritable(file, failure);
        }
    }

    /** @throws CommandFailedException if what is to be written there could not be */
    static void requireWritable(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        while (directory != null && !Files.exists(directory)) {
            directory = directory.getParent();
        }
        if (directory == null || !Files.isWritable(directory)) {
            throw CommandFailedException.refused("you may not write " + file
                    + ": sign in as the user who runs the client, as by sudo, or name another --state-dir to both");
        }
    }

    private static CommandFailedException unwritable(Path file, IOException failure) {
        return CommandFailedException.refused("cannot write " + file + " (" + failure.getMessage() + ")");
    }
}
