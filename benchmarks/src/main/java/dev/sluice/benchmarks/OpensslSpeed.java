package dev.sluice.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What OpenSSL's own benchmark reaches here with the same AEAD: the limit to stand beside. */
final class OpensslSpeed {
    static final String NAME = "openssl speed";

    /** {@code ChaCha20-Poly1305 1234567.89k}, in thousands of bytes a second. */
    private static final Pattern RATE = Pattern.compile("ChaCha20-Poly1305\\s+([0-9.]+)k\\s*$");

    private OpensslSpeed() {}

    /** Nanoseconds to seal a packet of {@code length} bytes; empty if there is no openssl here. */
    static OptionalDouble sealNanos(int length, int seconds) throws InterruptedException {
        List<String> command = List.of(
                "openssl",
                "speed",
                "-elapsed",
                "-seconds",
                Integer.toString(seconds),
                "-bytes",
                Integer.toString(length),
                "-aead",
                "-evp",
                "chacha20-poly1305");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher rate = RATE.matcher(output.strip());
            return process.waitFor() == 0 && rate.find()
                    ? OptionalDouble.of(length / (Double.parseDouble(rate.group(1)) * 1000) * 1e9)
                    : OptionalDouble.empty();
        } catch (IOException _) {
            return OptionalDouble.empty();
        }
    }
}
