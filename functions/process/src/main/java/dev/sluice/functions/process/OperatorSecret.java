package dev.sluice.functions.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/** What proves an operator on this host: whoever can read a file of mode 600. Made once, and kept over restarts. */
final class OperatorSecret {
    private static final int BYTES = 32;
    private static final String SCHEME = "Bearer ";
    private static final Set<PosixFilePermission> PRIVATE =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final byte[] secret;

    private OperatorSecret(String secret) {
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads the secret, or creates it when there is none.
     *
     * @throws IOException when the file cannot be used; the message says what to do
     */
    static OperatorSecret load(Path file) throws IOException {
        if (!Files.exists(file)) {
            create(file);
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!PRIVATE.containsAll(permissions)) {
            throw new IOException("Others can read the admin secret in " + file + " (mode "
                    + PosixFilePermissions.toString(permissions) + "). Delete it, and start again to get a new one.");
        }
        String text = Files.readString(file).strip();
        if (text.isEmpty()) {
            throw new IOException("The admin secret in " + file + " is empty. Delete the file, and start again.");
        }
        return new OperatorSecret(text);
    }

    /** Whether an {@code Authorization} header carries the secret; takes the same time for every wrong one. */
    boolean matches(String authorization) {
        return authorization.startsWith(SCHEME)
                && MessageDigest.isEqual(
                        secret, authorization.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "OperatorSecret[(hidden)]";
    }

    private static void create(Path file) throws IOException {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path partial = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(partial);
        Files.createFile(partial, PosixFilePermissions.asFileAttribute(PRIVATE));
        Files.writeString(partial, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + "\n");
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
