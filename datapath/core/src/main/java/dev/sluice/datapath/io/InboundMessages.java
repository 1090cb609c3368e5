package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.Endpoint;

/**
 * Receives many messages a call. Where the kernel puts datagrams of one sender together (UDP_GRO), a message is a whole
 * train of them.
 */
final class InboundMessages {
    /** The longest train: what a UDP datagram could carry. */
    static final int LONGEST = 65_536;

    private static final int SLOTS = 16;

    private final MessageHeaders headers = new MessageHeaders(SLOTS, SLOTS * LONGEST);

    InboundMessages() {
        for (int i = 0; i < SLOTS; i++) {
            headers.piece(i, (long) i * LONGEST, LONGEST);
            headers.expect(i, LONGEST);
        }
    }

    static DatagramBatch newBatch() {
        return new DatagramBatch(SLOTS, LONGEST);
    }

    /**
     * Fills {@code batch} anew with what waits.
     *
     * @param local the socket's
     */
    void receive(int socket, Endpoint local, DatagramBatch batch, EndpointCache cache) {
        batch.clear();
        int received;
        do {
            received = Libc.recvmmsg(socket, headers.from(0), SLOTS);
        } while (received == -Libc.EINTR);
        ControlMessages control = headers.control();
        for (int i = 0; i < received; i++) {
            control.read(i, headers.controlLength(i), local);
            batch.append(
                    headers.payload(),
                    (long) i * LONGEST,
                    headers.received(i),
                    control.segmentSize(),
                    control.local(local),
                    headers.remote(i, cache));
            headers.expect(i, LONGEST);
        }
    }
}
