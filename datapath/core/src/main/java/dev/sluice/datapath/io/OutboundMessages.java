package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.Endpoint;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Collects datagrams of one socket and sends them with few calls. Datagrams of one length to one receiver, the last of
 * which may be shorter, become a train: one message, which the kernel or the network card cuts (UDP_SEGMENT). A train goes
 * through the kernel once, and that is nearly all that sending costs.
 *
 * <p>A kernel or a device that refuses a train gets its datagrams one by one; a device that cannot make the checksums that
 * trains need (EIO) is not asked again.
 */
final class OutboundMessages {
    private static final int SLOTS = 64;
    private static final int PAYLOAD_LENGTH = 256 << 10;

    /** UDP_MAX_SEGMENTS of Linux before 6.13, which took twice as many. */
    private static final int LONGEST_TRAIN = 64;

    /** What a UDP datagram of IPv6 without options carries, and a little less of IPv4. */
    private static final int MOST_BYTES = 65_535 - 60 - 8;

    private final MessageHeaders headers = new MessageHeaders(SLOTS, PAYLOAD_LENGTH);
    private final Endpoint[] remotes = new Endpoint[SLOTS];
    private final Endpoint[] locals = new Endpoint[SLOTS];
    private final int[] positions = new int[SLOTS];
    private final int[] lengths = new int[SLOTS];
    private final int[] segmentSizes = new int[SLOTS];
    private final int datagramLength;
    private final boolean forAll;
    private boolean trains;
    private boolean open;
    private int size;
    private int end;

    /**
     * @param datagramLength the longest datagram
     * @param forAll whether the socket is for all addresses, so that each message says from which one it leaves
     * @param trains whether the kernel cuts trains
     */
    OutboundMessages(int datagramLength, boolean forAll, boolean trains) {
        this.datagramLength = datagramLength;
        this.forAll = forAll;
        this.trains = trains;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean isFull() {
        return size == SLOTS || end + datagramLength > PAYLOAD_LENGTH;
    }

    /**
     * Appends a datagram to be sent, when not full.
     *
     * @param local the address that it is to leave from, on a socket for all addresses; unspecified for any
     */
    void append(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {
        MemorySegment.copy(buffer, offset, headers.payload(), ValueLayout.JAVA_BYTE, end, length);
        if (joins(local, remote, length)) {
            int last = size - 1;
            lengths[last] += length;
            open = length == segmentSizes[last] && lengths[last] < LONGEST_TRAIN * length;
        } else {
            positions[size] = end;
            lengths[size] = length;
            segmentSizes[size] = length;
            remotes[size] = remote;
            locals[size] = local;
            open = trains && length > 0;
            size++;
        }
        end += length;
    }

    private boolean joins(Endpoint local, Endpoint remote, int length) {
        int last = size - 1;
        return open
                && last >= 0
                && length <= segmentSizes[last]
                && length > 0
                && lengths[last] + length <= MOST_BYTES
                && remotes[last].equals(remote)
                && locals[last].equals(local);
    }

    /**
     * Sends everything and is empty. What the kernel does not take is given up: a datagram at a time where it refuses
     * one, the rest where it has no room, as a full queue of a router would.
     *
     * @return how many datagrams were given up
     */
    int send(int socket) {
        for (int i = 0; i < size; i++) {
            headers.remote(i, remotes[i]);
            headers.piece(i, positions[i], lengths[i]);
            headers.controlLength(i, control(i, lengths[i] > segmentSizes[i] ? segmentSizes[i] : 0));
        }
        int lost = 0;
        int next = 0;
        while (next < size) {
            int sent = Libc.sendmmsg(socket, headers.from(next), size - next);
            if (sent > 0) {
                next += sent;
            } else if (sent == -Libc.EAGAIN) {
                while (next < size) {
                    lost += datagrams(next++);
                }
            } else if (sent != -Libc.EINTR) {
                if (datagrams(next) > 1) {
                    trains &= sent != -Libc.EIO;
                    lost += sendApart(socket, next);
                } else {
                    lost++;
                }
                next++;
            }
        }
        size = 0;
        end = 0;
        open = false;
        return lost;
    }

    /** Sends a train's datagrams one by one. */
    private int sendApart(int socket, int index) {
        int lost = 0;
        headers.controlLength(index, control(index, 0));
        int sent = 0;
        while (sent < lengths[index]) {
            int length = Math.min(segmentSizes[index], lengths[index] - sent);
            headers.piece(index, (long) positions[index] + sent, length);
            int result;
            do {
                result = Libc.sendmmsg(socket, headers.from(index), 1);
            } while (result == -Libc.EINTR);
            lost += result == 1 ? 0 : 1;
            sent += length;
        }
        return lost;
    }

    private int datagrams(int index) {
        return Math.max(1, (lengths[index] + segmentSizes[index] - 1) / Math.max(1, segmentSizes[index]));
    }

    /** @param segmentSize 0 for none */
    private long control(int index, int segmentSize) {
        Endpoint local = locals[index];
        long used = 0;
        if (forAll && !local.address().isUnspecified()) {
            used = headers.control().writeSource(index, used, local, remotes[index].scope());
        }
        return segmentSize == 0 ? used : headers.control().writeSegmentSize(index, used, segmentSize);
    }
}
