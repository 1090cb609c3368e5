package dev.sluice.functions.api;

import dev.sluice.functions.entity.PageRequest;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The text of a cursor: base64url of what follows. Nothing of it is secret; the sum is there so that a text which was cut or
 * changed is refused, and does not lead elsewhere.
 *
 * <pre>
 * | direction (1) | id (16) | CRC-32C (4) |
 * </pre>
 */
public final class PageCursor {
    private static final int SUMMED = 1 + 16;
    private static final int LENGTH = SUMMED + 4;
    private static final byte FORWARDS = 1;
    private static final byte BACKWARDS = 2;

    private PageCursor() {}

    /** @return null for none */
    public static @Nullable String text(PageRequest.@Nullable Cursor cursor) {
        if (cursor == null) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH)
                .put(cursor.backwards() ? BACKWARDS : FORWARDS)
                .putLong(cursor.at().getMostSignificantBits())
                .putLong(cursor.at().getLeastSignificantBits());
        bytes.putInt(sum(bytes.array()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** @return null if there is no cursor of this text */
    static PageRequest.@Nullable Cursor parse(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
        if (bytes.length != LENGTH
                || !Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(bytes)
                        .equals(text)) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        byte direction = buffer.get();
        UUID at = new UUID(buffer.getLong(), buffer.getLong());
        boolean known = direction == FORWARDS || direction == BACKWARDS;
        return known && buffer.getInt() == sum(bytes) ? new PageRequest.Cursor(at, direction == BACKWARDS) : null;
    }

    private static int sum(byte[] bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, SUMMED);
        return (int) sum.getValue();
    }
}
