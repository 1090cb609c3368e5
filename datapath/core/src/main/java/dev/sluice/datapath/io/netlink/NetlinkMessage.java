package dev.sluice.datapath.io.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A message to the kernel, written front to back. Numbers are in the machine's order unless said otherwise; messages
 * and attributes are padded to four bytes.
 *
 * <pre>
 *   struct nlmsghdr | length (4) | type (2) | flags (2) | sequence (4) | port (4) |  then a header of the protocol
 *   struct nlattr   | length (2) | type (2) | value … |                               then attributes
 * </pre>
 */
public final class NetlinkMessage {
    public static final int REQUEST = 0x1;
    public static final int ACKNOWLEDGE = 0x4;
    public static final int DUMP = 0x300;
    public static final int REPLACE = 0x100;
    public static final int EXCLUSIVE = 0x200;
    public static final int CREATE = 0x400;
    public static final int APPEND = 0x800;

    static final int HEADER_LENGTH = 16;
    static final int SEQUENCE_FIELD_OFFSET = 8;

    private static final int NESTED = 0x8000;
    private static final int FIRST_CAPACITY = 256;

    private ByteBuffer bytes = ByteBuffer.allocate(FIRST_CAPACITY).order(ByteOrder.nativeOrder());

    /**
     * Begins a message.
     *
     * @param flags beside {@link #REQUEST}, which is always set
     */
    public NetlinkMessage(int type, int flags) {
        bytes.putInt(0)
                .putShort((short) type)
                .putShort((short) (flags | REQUEST))
                .putInt(0)
                .putInt(0);
    }

    public NetlinkMessage u8(int value) {
        room(1).put((byte) value);
        return this;
    }

    public NetlinkMessage u16(int value) {
        room(2).putShort((short) value);
        return this;
    }

    public NetlinkMessage u32(int value) {
        room(4).putInt(value);
        return this;
    }

    /** Two bytes in the network's order. */
    public NetlinkMessage netU16(int value) {
        return u8(value >>> 8).u8(value);
    }

    public NetlinkMessage attribute(int type, byte... value) {
        int start = begin(type);
        room(value.length).put(value);
        return end(start);
    }

    public NetlinkMessage attributeU32(int type, int value) {
        int start = begin(type);
        return u32(value).end(start);
    }

    /** Four bytes in the network's order. */
    public NetlinkMessage attributeNetU32(int type, int value) {
        int start = begin(type);
        return netU16(value >>> 16).netU16(value).end(start);
    }

    /** Text with its final zero. */
    public NetlinkMessage attributeText(int type, String text) {
        return attribute(type, Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), utf8Length(text) + 1));
    }

    /** Opens an attribute that holds attributes; {@link #end} with what this returns closes it. */
    public int nest(int type) {
        return begin(type | NESTED);
    }

    public NetlinkMessage end(int start) {
        bytes.putShort(start, (short) (bytes.position() - start));
        while (bytes.position() % 4 != 0) {
            u8(0);
        }
        return this;
    }

    /** The bytes so far, headers included. */
    public int length() {
        return bytes.position();
    }

    byte[] finish(int sequence) {
        bytes.putInt(0, bytes.position());
        bytes.putInt(SEQUENCE_FIELD_OFFSET, sequence);
        byte[] whole = new byte[bytes.position() + 3 & ~3];
        bytes.get(0, whole, 0, bytes.position());
        return whole;
    }

    private int begin(int type) {
        int start = bytes.position();
        u16(0).u16(type);
        return start;
    }

    private ByteBuffer room(int more) {
        if (bytes.remaining() < more) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(bytes.capacity() * 2, bytes.position() + more))
                    .order(ByteOrder.nativeOrder());
            larger.put(bytes.flip());
            bytes = larger;
        }
        return bytes;
    }

    private static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
