package dev.sluice.functions.directory.workos;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Whether a body is WorkOS': {@code WorkOS-Signature: t=<milliseconds>, v1=<hex>}, HMAC-SHA256 over
 * {@code <milliseconds>.<body>}. Times that lie ahead are refused as old ones are.
 */
final class WorkOsSignature {
    private static final Duration TOLERANCE = Duration.ofSeconds(180);

    private static final String ALGORITHM = "HmacSHA256";
    private static final Pattern HEADER = Pattern.compile("t=(\\d{1,15}),\\s*v1=([0-9a-f]{64})");

    private WorkOsSignature() {}

    /**
     * What is wrong with it; empty if nothing is.
     *
     * @param secrets any of which may have signed
     */
    static Optional<String> refusal(byte[] body, @Nullable String header, List<String> secrets, Instant now) {
        if (header == null) {
            return Optional.of("missing signature header");
        }
        Matcher parts = HEADER.matcher(header.strip());
        if (!parts.matches()) {
            return Optional.of("malformed signature header");
        }
        Instant time = Instant.ofEpochMilli(Long.parseLong(parts.group(1)));
        if (Duration.between(time, now).abs().compareTo(TOLERANCE) > 0) {
            return Optional.of("expired signature");
        }
        byte[] shown = HexFormat.of().parseHex(parts.group(2));
        return secrets.stream().anyMatch(secret -> MessageDigest.isEqual(sign(secret, parts.group(1), body), shown))
                ? Optional.empty()
                : Optional.of("invalid signature");
    }

    /** @param time in milliseconds since 1970 */
    static byte[] sign(String secret, String time, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update((time + ".").getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
