package dev.sluice.functions.command;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A new file that only its owner can read, made before the token that it is for. */
final class TokenFile {
    private final Path path;

    private TokenFile(Path path) {
        this.path = path;
    }

    /** @throws CommandException when it is there already or cannot be made */
    static TokenFile create(Path path) {
        try {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return new TokenFile(path);
        } catch (FileAlreadyExistsException there) {
            throw new CommandException(path + " is there already: remove it, or name another file");
        } catch (IOException refused) {
            throw new CommandException(path + " cannot be written: " + refused.getMessage());
        }
    }

    void write(String token) {
        try {
            Files.writeString(path, token + "\n");
        } catch (IOException refused) {
            throw new CommandException(path + " cannot be written: " + refused.getMessage());
        }
    }

    /** There is no token for it. */
    void discard() {
        try {
            Files.delete(path);
        } catch (IOException refused) {
            throw new CommandException(path + " is empty and cannot be removed: " + refused.getMessage());
        }
    }
}
