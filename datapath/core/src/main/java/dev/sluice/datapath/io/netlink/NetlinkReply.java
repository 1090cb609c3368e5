package dev.sluice.datapath.io.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * A message from the kernel.
 *
 * @param type of the protocol
 * @param sequence of the request that it answers; 0 for news
 * @param port whose request caused it: mostly the process id; 0 for the kernel's own doing
 * @param body what follows the netlink header, in the machine's order
 */
public record NetlinkReply(int type, int sequence, int port, ByteBuffer body) {
    private static final int TYPE_MASK = 0x3fff;

    /** The attributes behind a protocol's header of {@code headerLength} bytes, the last of each type. */
    public Map<Integer, ByteBuffer> attributes(int headerLength) {
        return headerLength > body.limit()
                ? Map.of()
                : attributes(
                        body.slice(headerLength, body.limit() - headerLength).order(body.order()));
    }

    /** What an attribute that holds attributes holds. */
    public static Map<Integer, ByteBuffer> attributes(ByteBuffer nested) {
        ByteBuffer rest = nested.duplicate().order(ByteOrder.nativeOrder());
        Map<Integer, ByteBuffer> attributes = new HashMap<>();
        while (rest.remaining() >= 4) {
            int start = rest.position();
            int length = Short.toUnsignedInt(rest.getShort(start));
            if (length < 4 || length > rest.remaining()) {
                break;
            }
            attributes.put(
                    rest.getShort(start + 2) & TYPE_MASK,
                    rest.slice(start + 4, length - 4).order(ByteOrder.nativeOrder()));
            rest.position(Math.min(start + (length + 3 & ~3), rest.limit()));
        }
        return attributes;
    }
}
