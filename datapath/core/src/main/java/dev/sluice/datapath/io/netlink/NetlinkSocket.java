package dev.sluice.datapath.io.netlink;

import dev.sluice.datapath.io.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A socket to the kernel of one netlink protocol, in the network namespace of the thread that opened it. Requests block
 * for as long as the kernel works on them. For one thread at a time.
 */
public final class NetlinkSocket implements AutoCloseable {
    /** Links, addresses, routes and rules (rtnetlink(7)). */
    public static final int ROUTE = 0;

    /** What netfilter's parts share. */
    public static final int NETFILTER = 12;

    private static final int TYPE_ERROR = 2;
    private static final int TYPE_DONE = 3;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_NETLINK = 270;
    private static final int ADD_MEMBERSHIP = 1;
    private static final int EXTENDED_ACK = 11;
    private static final int STRICT_CHECK = 12;
    private static final int ADDRESS_LENGTH = 12;
    private static final int PORT_FIELD_OFFSET = 4;
    private static final int ERROR_LENGTH = 4;
    private static final int ERROR_TEXT = 1;
    private static final int SOCKET_BYTES = 8 << 20;
    private static final int ANSWER_MILLIS = 5_000;

    /** The kernel's parts of a dump have at most 32 KiB. */
    private static final int BUFFER_LENGTH = 64 << 10;

    private final int descriptor;
    private final int port;
    private final byte[] buffer = new byte[BUFFER_LENGTH];
    private int sequence = 1;

    private NetlinkSocket(int descriptor, int port) {
        this.descriptor = descriptor;
        this.port = port;
    }

    /** @throws NetlinkException when the process may have none, or the kernel does not know the protocol */
    public static NetlinkSocket open(int protocol) throws NetlinkException {
        int descriptor = Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.O_NONBLOCK | Libc.O_CLOEXEC, protocol);
        if (descriptor < 0) {
            throw NetlinkException.forbidden(-descriptor);
        }
        Libc.setsockopt(descriptor, SOL_NETLINK, EXTENDED_ACK, 1);
        Libc.setsockopt(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, SOCKET_BYTES);
        Libc.setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, SOCKET_BYTES);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(ADDRESS_LENGTH, Integer.BYTES);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) Libc.AF_NETLINK);
            int result = Libc.bind(descriptor, address, ADDRESS_LENGTH);
            if (result == 0) {
                result =
                        Libc.getsockname(descriptor, address, arena.allocateFrom(ValueLayout.JAVA_INT, ADDRESS_LENGTH));
            }
            if (result < 0) {
                Libc.close(descriptor);
                throw NetlinkException.forbidden(-result);
            }
            return new NetlinkSocket(descriptor, address.get(ValueLayout.JAVA_INT, PORT_FIELD_OFFSET));
        }
    }

    /** Our own: news with it are of our own making. */
    public int port() {
        return port;
    }

    /** What a dump is asked about counts, where the kernel can (since 4.20). */
    public void answerExactly() {
        Libc.setsockopt(descriptor, SOL_NETLINK, STRICT_CHECK, 1);
    }

    /** Hears of a group's news from now on. */
    public void join(int group) throws NetlinkException {
        int result = Libc.setsockopt(descriptor, SOL_NETLINK, ADD_MEMBERSHIP, group);
        if (result < 0) {
            throw NetlinkException.refused(-result, "");
        }
    }

    /**
     * Sends a request with {@link NetlinkMessage#ACKNOWLEDGE} or {@link NetlinkMessage#DUMP}, and waits until it is done.
     *
     * @return what the kernel answered beside its acknowledgement
     */
    public List<NetlinkReply> request(NetlinkMessage message) throws NetlinkException {
        int asked = sequence++;
        send(message.finish(asked));
        return answers(asked, asked);
    }

    /**
     * Sends messages in one piece, as transactions of netfilter are, and waits for the acknowledgement of the one before
     * the last. A refusal of the first ends all.
     */
    public void transact(List<NetlinkMessage> messages) throws NetlinkException {
        int first = sequence;
        int length =
                messages.stream().mapToInt(message -> message.length() + 3 & ~3).sum();
        ByteBuffer whole = ByteBuffer.allocate(length);
        messages.forEach(message -> whole.put(message.finish(sequence++)));
        send(whole.array());
        answers(first, sequence - 2);
    }

    /**
     * Waits for news of any of the sockets.
     *
     * @return false if there were none in time
     */
    public static boolean await(int timeoutMillis, NetlinkSocket... sockets) {
        int[] descriptors = new int[sockets.length];
        for (int i = 0; i < sockets.length; i++) {
            descriptors[i] = sockets[i].descriptor;
        }
        return Libc.awaitReadable(timeoutMillis, descriptors) > 0;
    }

    /**
     * The news that are there.
     *
     * @throws NetlinkException with {@link Libc#ENOBUFS} when the kernel has thrown some away
     */
    public List<NetlinkReply> news() throws NetlinkException {
        List<NetlinkReply> news = new ArrayList<>();
        long length = read();
        while (length > 0) {
            parse(length, news);
            length = read();
        }
        if (length != -Libc.EAGAIN && length != 0) {
            throw NetlinkException.refused((int) -length, "");
        }
        return news;
    }

    @Override
    public void close() {
        Libc.close(descriptor);
    }

    private void send(byte[] bytes) throws NetlinkException {
        long sent = Libc.write(descriptor, MemorySegment.ofArray(bytes), bytes.length);
        if (sent < 0) {
            throw NetlinkException.refused((int) -sent, "");
        }
    }

    private List<NetlinkReply> answers(int first, int last) throws NetlinkException {
        List<NetlinkReply> answers = new ArrayList<>();
        NetlinkException refusal = null;
        while (true) {
            List<NetlinkReply> received = new ArrayList<>();
            parse(readBlocking(), received);
            for (NetlinkReply reply : received) {
                if (reply.sequence() < first || reply.sequence() > last + 1 || reply.port() != port) {
                    continue;
                }
                int errno = reply.type() == TYPE_ERROR ? -reply.body().getInt(0) : 0;
                if (errno != 0 && refusal == null) {
                    refusal = NetlinkException.refused(errno, text(reply));
                }
                if (refusal != null && reply.sequence() == first) {
                    throw refusal;
                }
                boolean end = reply.type() == TYPE_ERROR || reply.type() == TYPE_DONE;
                if (!end) {
                    answers.add(reply);
                } else if (reply.sequence() >= last) {
                    if (refusal != null) {
                        throw refusal;
                    }
                    return answers;
                }
            }
        }
    }

    private long readBlocking() throws NetlinkException {
        while (true) {
            long length = read();
            if (length > 0) {
                return length;
            }
            if (length == -Libc.EAGAIN && Libc.awaitReadable(ANSWER_MILLIS, descriptor) == 0) {
                throw NetlinkException.refused(Libc.EAGAIN, "the kernel does not answer");
            }
            if (length != -Libc.EAGAIN && length != -Libc.EINTR) {
                throw NetlinkException.refused((int) -length, "");
            }
        }
    }

    private long read() {
        long length;
        do {
            length = Libc.read(descriptor, MemorySegment.ofArray(buffer), buffer.length);
        } while (length == -Libc.EINTR);
        return length;
    }

    private void parse(long length, List<NetlinkReply> into) {
        ByteBuffer all = ByteBuffer.allocate((int) length).order(ByteOrder.nativeOrder());
        all.put(buffer, 0, (int) length).flip();
        int start = 0;
        while (start + NetlinkMessage.HEADER_LENGTH <= length) {
            int messageLength = all.getInt(start);
            if (messageLength < NetlinkMessage.HEADER_LENGTH || messageLength > length - start) {
                return;
            }
            into.add(new NetlinkReply(
                    Short.toUnsignedInt(all.getShort(start + 4)),
                    all.getInt(start + NetlinkMessage.SEQUENCE_FIELD_OFFSET),
                    all.getInt(start + 12),
                    all.slice(start + NetlinkMessage.HEADER_LENGTH, messageLength - NetlinkMessage.HEADER_LENGTH)
                            .order(ByteOrder.nativeOrder())));
            start += messageLength + 3 & ~3;
        }
    }

    /** The kernel's words, behind the error and the request that it repeats. */
    private static String text(NetlinkReply error) {
        int requestLength =
                error.body().limit() >= ERROR_LENGTH + 4 ? error.body().getInt(ERROR_LENGTH) : 0;
        int start = ERROR_LENGTH + (requestLength + 3 & ~3);
        // Where the request is not repeated in full, its header alone stands there.
        for (int at : new int[] {start, ERROR_LENGTH + NetlinkMessage.HEADER_LENGTH}) {
            Map<Integer, ByteBuffer> attributes = error.attributes(at);
            ByteBuffer text = attributes.get(ERROR_TEXT);
            if (text != null && text.limit() > 1) {
                byte[] bytes = new byte[text.limit() - 1];
                text.get(0, bytes);
                return new String(bytes, StandardCharsets.UTF_8);
            }
        }
        return "";
    }
}
