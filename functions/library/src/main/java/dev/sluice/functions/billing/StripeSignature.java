package dev.sluice.functions.billing;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a body is Stripe's: {@code Stripe-Signature: t=<seconds>,v1=<hex>[,v1=<hex>]…}, HMAC-SHA256 over
 * {@code <seconds>.<body>}. Times that lie ahead are refused as old ones are: Stripe's library takes any.
 */
final class StripeSignature {
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final String TIME = "t=";
    private static final String SIGNATURE = Webhook.Signature.EXPECTED_SCHEME + "=";

    private StripeSignature() {}

    /**
     * What is wrong with it, in the words of the system that we follow; empty if nothing is.
     *
     * @param secrets any of which may have signed
     */
    static Optional<String> refusal(String body, @Nullable String header, List<String> secrets, Instant now) {
        if (header == null) {
            return Optional.of("missing signature header");
        }
        List<String> parts =
                Arrays.stream(header.split(",", -1)).map(String::strip).toList();
        Optional<Instant> time = time(parts);
        if (time.isEmpty()) {
            return Optional.of("missing timestamp");
        }
        if (parts.stream().noneMatch(part -> part.startsWith(SIGNATURE))) {
            return Optional.of("missing signatures");
        }
        if (Duration.between(time.get(), now).abs().compareTo(TOLERANCE) > 0) {
            return Optional.of("expired signature");
        }
        return secrets.stream().anyMatch(secret -> isSignedBy(secret, body, header, now))
                ? Optional.empty()
                : Optional.of("invalid signature");
    }

    private static Optional<Instant> time(List<String> parts) {
        return parts.stream()
                .filter(part -> part.startsWith(TIME))
                .map(part -> part.substring(TIME.length()))
                .filter(text -> text.matches("[0-9]{1,12}"))
                .map(text -> Instant.ofEpochSecond(Long.parseLong(text)))
                .findFirst();
    }

    private static boolean isSignedBy(String secret, String body, String header, Instant now) {
        try {
            return Webhook.Signature.verifyHeader(
                    body, header, secret, TOLERANCE.toSeconds(), Clock.fixed(now, ZoneOffset.UTC));
        } catch (SignatureVerificationException e) {
            return false;
        }
    }
}
