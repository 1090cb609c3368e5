package dev.sluice.channel;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;

/**
 * What a gateway was told that clients may reach, in a few bytes: of all that ends after a moment, so that both ends may see
 * it expire at slightly different times. Only our own gateways are sent it (event {@code digest}).
 *
 * @param after the moment, with whole seconds
 * @param count how many authorizations end later
 * @param digest their sum, 16 hexadecimal digits
 */
public record GrantDigest(Instant after, long count, String digest) implements PortalToGateway {
    /**
     * Sums authorizations up, in any order: the first eight bytes of the SHA-256 of client, resource and the second in which
     * it ends, added modulo 2^64.
     */
    public static final class Sum {
        private static final int BYTES = 5 * Long.BYTES;

        private final Instant after;
        private final MessageDigest sha256;
        private long count;
        private long sum;

        /** @param after the moment; its fraction of a second does not count */
        public Sum(Instant after) {
            this.after = Instant.ofEpochSecond(after.getEpochSecond());
            try {
                this.sha256 = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has it", e);
            }
        }

        /** Adds an authorization, if it ends later. */
        public void add(UUID clientId, UUID resourceId, Instant expiresAt) {
            long second = expiresAt.getEpochSecond();
            if (second > after.getEpochSecond()) {
                byte[] hash = sha256.digest(ByteBuffer.allocate(BYTES)
                        .putLong(clientId.getMostSignificantBits())
                        .putLong(clientId.getLeastSignificantBits())
                        .putLong(resourceId.getMostSignificantBits())
                        .putLong(resourceId.getLeastSignificantBits())
                        .putLong(second)
                        .array());
                count++;
                sum += ByteBuffer.wrap(hash).getLong();
            }
        }

        public GrantDigest digest() {
            return new GrantDigest(after, count, HexFormat.of().toHexDigits(sum));
        }
    }
}
