package dev.sluice.datapath.wireguard;

import dev.sluice.datapath.crypto.Aead;
import dev.sluice.datapath.wire.TransportData;

/** One pair of transport keys, and what was sent and received under it. */
final class Session {
    /** Messages after which a new session is asked for (paper, §6.1). */
    static final long REKEY_AFTER_MESSAGES = 1L << 60;

    /** Messages after which the session is not used any more (unsigned; paper, §6.1). */
    static final long REJECT_AFTER_MESSAGES = -1L - (1L << 13);

    private static final byte[] NOTHING = {};

    private final boolean initiator;
    private final int localIndex;
    private final int remoteIndex;
    private final Aead sealing;
    private final Aead opening;
    private final long createdAt;
    private final ReplayWindow window = new ReplayWindow();
    private long nextCounter;

    Session(boolean initiator, int localIndex, int remoteIndex, Aead sealing, Aead opening, long now) {
        this.initiator = initiator;
        this.localIndex = localIndex;
        this.remoteIndex = remoteIndex;
        this.sealing = sealing;
        this.opening = opening;
        this.createdAt = now;
    }

    /** Whether our initiation made it: then it is ours to replace. */
    boolean initiator() {
        return initiator;
    }

    /** The index that messages to us carry. */
    int localIndex() {
        return localIndex;
    }

    boolean olderThan(long time, long now) {
        return now - createdAt >= time;
    }

    /** Whether so many messages were sent that a new session should be asked for. */
    boolean wornOut() {
        return Long.compareUnsigned(nextCounter, REKEY_AFTER_MESSAGES) >= 0;
    }

    /** For tests: as if {@code counter} messages had been sent. */
    void skipTo(long counter) {
        nextCounter = counter;
    }

    /** Writes a message; {@link Failure#SESSION_EXPIRED} if the counter is used up. */
    int seal(byte[] packet, int offset, int length, byte[] out, int outOffset) {
        long counter = nextCounter;
        if (Long.compareUnsigned(counter, REJECT_AFTER_MESSAGES) >= 0) {
            return Failure.SESSION_EXPIRED;
        }
        nextCounter = counter + 1;
        int ciphertext = outOffset + TransportData.ENCRYPTED_PACKET_FIELD_OFFSET;
        int sealed = sealing.seal(counter, NOTHING, packet, offset, length, out, ciphertext);
        TransportData.header(out, outOffset, remoteIndex, counter);
        return TransportData.ENCRYPTED_PACKET_FIELD_OFFSET + sealed;
    }

    /** The length of the packet in a message of at least {@link TransportData#OVERHEAD} bytes, or a {@link Failure}. */
    int open(byte[] datagram, int offset, int length, byte[] out, int outOffset) {
        long counter = TransportData.counter(datagram, offset);
        if (Long.compareUnsigned(counter, REJECT_AFTER_MESSAGES) >= 0) {
            return Failure.SESSION_EXPIRED;
        }
        if (!window.accepts(counter)) {
            return Failure.REPLAYED;
        }
        int opened = opening.open(
                counter,
                NOTHING,
                datagram,
                offset + TransportData.ENCRYPTED_PACKET_FIELD_OFFSET,
                length - TransportData.ENCRYPTED_PACKET_FIELD_OFFSET,
                out,
                outOffset);
        if (opened < 0) {
            return Failure.FORGED;
        }
        window.accept(counter);
        return opened;
    }

    void erase() {
        sealing.destroy();
        opening.destroy();
    }
}
