package dev.sluice.datapath.io.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

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

    /** What an attribute that holds attributes holds, the last of each type. */
    public static Map<Integer, ByteBuffer> attributes(ByteBuffer nested) {
        Map<Integer, ByteBuffer> attributes = new HashMap<>();
        each(nested, attributes::put);
        return attributes;
    }

    /** What an attribute that is a list holds, in order. */
    public static List<ByteBuffer> elements(ByteBuffer list) {
        List<ByteBuffer> elements = new ArrayList<>();
        each(list, (type, element) -> elements.add(element));
        return elements;
    }

    /** Text that may have a final zero. */
    public static String text(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    private static void each(ByteBuffer nested, BiConsumer<Integer, ByteBuffer> sink) {
        ByteBuffer rest = nested.duplicate().order(ByteOrder.nativeOrder());
        while (rest.remaining() >= 4) {
            int start = rest.position();
            int length = Short.toUnsignedInt(rest.getShort(start));
            if (length < 4 || length > rest.remaining()) {
                break;
            }
            sink.accept(
                    rest.getShort(start + 2) & TYPE_MASK,
                    rest.slice(start + 4, length - 4).order(ByteOrder.nativeOrder()));
            rest.position(Math.min(start + (length + 3 & ~3), rest.limit()));
        }
    }
}
