package dev.sluice.functions.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;

/** What proves an operator on this host: whoever can read a private file. */
final class OperatorSecret {
    private static final String SCHEME = "Bearer ";

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
        return new OperatorSecret(
                PrivateFile.text(file, "admin secret", Base64.getUrlEncoder().withoutPadding()));
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
}
