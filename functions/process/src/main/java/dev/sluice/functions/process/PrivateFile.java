package dev.sluice.functions.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/** A secret of 32 random bytes in a file of mode 600: made once, and kept over restarts. */
final class PrivateFile {
    private static final int BYTES = 32;

    private static final Set<PosixFilePermission> PRIVATE =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private PrivateFile() {}

    /**
     * Reads the secret, or makes one when there is none.
     *
     * @param what it is, for messages
     * @param encoder of its bytes
     * @throws IOException when the file cannot be used; the message says what to do
     */
    static String text(Path file, String what, Base64.Encoder encoder) throws IOException {
        if (!Files.exists(file)) {
            create(file, encoder);
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!PRIVATE.containsAll(permissions)) {
            throw new IOException("Others can read the " + what + " in " + file + " (mode "
                    + PosixFilePermissions.toString(permissions) + "). Delete it, and start again to get a new one.");
        }
        String text = Files.readString(file).strip();
        if (text.isEmpty()) {
            throw new IOException("The " + what + " in " + file + " is empty. Delete the file, and start again.");
        }
        return text;
    }

    private static void create(Path file, Base64.Encoder encoder) throws IOException {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path partial = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(partial);
        Files.createFile(partial, PosixFilePermissions.asFileAttribute(PRIVATE));
        Files.writeString(partial, encoder.encodeToString(bytes) + "\n");
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
