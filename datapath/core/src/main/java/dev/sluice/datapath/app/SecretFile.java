package dev.sluice.datapath.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** A file that nobody but its owner may read. */
final class SecretFile {
    private static final Set<PosixFilePermission> PERMITTED =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private SecretFile() {}

    /**
     * Its text.
     *
     * @param what it holds, for messages
     * @throws CommandFailedException when it cannot be read, or others can
     */
    static String read(Path file, String what) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (!PERMITTED.containsAll(permissions)) {
                throw CommandFailedException.refused("the " + what + " file " + file + " has mode "
                        + PosixFilePermissions.toString(permissions) + "; it holds a secret: chmod 600 " + file);
            }
            return Files.readString(file);
        } catch (NoSuchFileException missing) {
            throw CommandFailedException.refused("the " + what + " file " + file + " does not exist");
        } catch (IOException unreadable) {
            throw CommandFailedException.refused(
                    "the " + what + " file " + file + " cannot be read: " + unreadable.getMessage());
        }
    }
}
