package dev.sluice.datapath.io.diagnosis;

import dev.sluice.datapath.io.Libc;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPacket;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Sees the packets from and to one address on all interfaces of the host, where the drivers have them (packet(7)):
 * before a firewall when they come in, after it when they go out. For one thread.
 */
final class PacketTap implements Closeable {
    private static final int ETH_P_ALL = 0x0003;
    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int ADDRESS_LENGTH = 20;
    private static final int INTERFACE_OFFSET = 4;
    private static final int KIND_OFFSET = 10;
    private static final int OUTGOING = 4;

    /** Headers and the beginning of what follows. */
    private static final int SEEN_LENGTH = 128;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment seen = arena.allocate(SEEN_LENGTH);
    private final MemorySegment from = arena.allocate(ADDRESS_LENGTH, Integer.BYTES);
    private final MemorySegment fromLength = arena.allocate(Integer.BYTES, Integer.BYTES);
    private final IpPacket packet = new IpPacket();
    private final int descriptor;

    /** Hears of a packet, which is good until it returns. */
    interface Observer {
        /**
         * @param packet may be cut off behind its transport header
         * @param device the index of the interface
         */
        void seen(IpPacket packet, int device, boolean outgoing);
    }

    private PacketTap(int descriptor) {
        this.descriptor = descriptor;
    }

    /** @throws IOException where the process may not look (CAP_NET_RAW) */
    static PacketTap open(IpAddress address) throws IOException {
        int descriptor = Libc.socket(Libc.AF_PACKET, Libc.SOCK_DGRAM | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
        if (descriptor < 0) {
            throw new IOException("no packet socket (errno " + -descriptor + ")");
        }
        try (Arena arena = Arena.ofConfined()) {
            // First the filter, then the binding: nothing else is ever queued.
            int result = Libc.setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, program(filter(address), arena));
            MemorySegment all = arena.allocate(ADDRESS_LENGTH, Integer.BYTES);
            all.set(ValueLayout.JAVA_SHORT, 0, (short) Libc.AF_PACKET);
            all.set(ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), Short.BYTES, (short) ETH_P_ALL);
            result = result < 0 ? result : Libc.bind(descriptor, all, ADDRESS_LENGTH);
            if (result < 0) {
                Libc.close(descriptor);
                throw new IOException("no packet socket (errno " + -result + ")");
            }
        }
        return new PacketTap(descriptor);
    }

    /** Shows what there is, waiting for the first at most {@code timeoutMillis}. */
    void read(int timeoutMillis, Observer observer) {
        if (Libc.awaitReadable(timeoutMillis, descriptor) <= 0) {
            return;
        }
        while (true) {
            fromLength.set(ValueLayout.JAVA_INT, 0, ADDRESS_LENGTH);
            int length = Libc.recvfrom(descriptor, seen, from, fromLength);
            if (length <= 0) {
                return;
            }
            byte[] bytes = seen.asSlice(0, Math.min(length, SEEN_LENGTH)).toArray(ValueLayout.JAVA_BYTE);
            if (packet.wrapQuoted(bytes, 0, bytes.length) == IpPacket.Status.VALID) {
                observer.seen(
                        packet,
                        from.get(ValueLayout.JAVA_INT, INTERFACE_OFFSET),
                        from.get(ValueLayout.JAVA_BYTE, KIND_OFFSET) == OUTGOING);
            }
        }
    }

    @Override
    public void close() {
        Libc.close(descriptor);
        arena.close();
    }

    /** An instruction of classic BPF (linux/filter.h). */
    private record Instruction(int code, int ifTrue, int ifFalse, int value) {
        private static final int LENGTH = 8;

        static Instruction loadByte(int offset) {
            return new Instruction(0x30, 0, 0, offset);
        }

        static Instruction loadWord(int offset) {
            return new Instruction(0x20, 0, 0, offset);
        }

        static Instruction shiftRight(int bits) {
            return new Instruction(0x74, 0, 0, bits);
        }

        static Instruction jumpIfEqual(int value, int ifTrue, int ifFalse) {
            return new Instruction(0x15, ifTrue, ifFalse, value);
        }

        static Instruction take(int bytes) {
            return new Instruction(0x06, 0, 0, bytes);
        }
    }

    /**
     * <pre>
     *   version != address.version      -> nothing
     *   source == address               -> SEEN_LENGTH bytes
     *   destination == address          -> SEEN_LENGTH bytes
     * </pre>
     */
    private static List<Instruction> filter(IpAddress address) {
        byte[] bytes = address.toBytes();
        ByteBuffer value = ByteBuffer.wrap(bytes);
        int words = bytes.length / Integer.BYTES;
        int source = address.isIpv4() ? 12 : 8;
        List<Instruction> program = new ArrayList<>();
        program.add(Instruction.loadByte(0));
        program.add(Instruction.shiftRight(4));
        // Each comparison is two instructions for a word; behind those of both addresses: take, and take nothing.
        program.add(Instruction.jumpIfEqual(address.version(), 0, 4 * words + 1));
        for (int side = 0; side < 2; side++) {
            for (int word = 0; word < words; word++) {
                int left = 2 * (words - word - 1);
                boolean last = word == words - 1;
                int toTake = side == 0 ? 2 * words : 0;
                int otherwise = left + (side == 0 ? 0 : 1);
                program.add(Instruction.loadWord(source + side * bytes.length + word * Integer.BYTES));
                program.add(Instruction.jumpIfEqual(value.getInt(word * Integer.BYTES), last ? toTake : 0, otherwise));
            }
        }
        program.add(Instruction.take(SEEN_LENGTH));
        program.add(Instruction.take(0));
        return program;
    }

    /** As {@code struct sock_fprog}. */
    private static MemorySegment program(List<Instruction> instructions, Arena arena) {
        ByteBuffer code =
                ByteBuffer.allocate(instructions.size() * Instruction.LENGTH).order(ByteOrder.nativeOrder());
        for (Instruction instruction : instructions) {
            code.putShort((short) instruction.code)
                    .put((byte) instruction.ifTrue)
                    .put((byte) instruction.ifFalse)
                    .putInt(instruction.value);
        }
        MemorySegment memory = arena.allocate(code.capacity(), Long.BYTES);
        memory.copyFrom(MemorySegment.ofArray(code.array()));
        MemorySegment program = arena.allocate(ValueLayout.ADDRESS.byteSize() * 2, Long.BYTES);
        program.set(ValueLayout.JAVA_SHORT, 0, (short) instructions.size());
        program.set(ValueLayout.ADDRESS, ValueLayout.ADDRESS.byteSize(), memory);
        return program;
    }
}
