package dev.sluice.datapath.client;

import dev.sluice.channel.Detail;
import dev.sluice.channel.Reason;
import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.IcmpError;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.PacketBatch;
import dev.sluice.datapath.wire.PacketLedger;
import dev.sluice.datapath.wire.TunSink;
import java.lang.System.Logger;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What the client refuses by itself: an ICMP error to the application, so that it fails at once and not after its own
 * patience, and the reason for whoever asks for the status.
 */
final class Denials {
    private static final Logger LOGGER = System.getLogger(Denials.class.getName());

    private final byte[] error = new byte[PacketBatch.HEADROOM + IcmpError.MAX_LENGTH];
    private final IpPacket held = new IpPacket();
    private final PacketLedger ledger;
    private final InstantSource clock;
    private final TunSink tun;
    private @Nullable Denial last;

    Denials(PacketLedger ledger, InstantSource clock, TunSink tun) {
        this.ledger = ledger;
        this.clock = clock;
        this.tun = tun;
    }

    /** The last refusal of all. */
    @Nullable Denial last() {
        return last;
    }

    /** Remembers why the resource is refused. */
    Denial note(ClientResource resource, Reason reason) {
        return note(resource, Detail.of(reason));
    }

    Denial note(ClientResource resource, Detail detail) {
        Denial earlier = resource.lastDenial();
        Denial denial = new Denial(resource.resource(), detail, clock.instant());
        boolean known = earlier != null && earlier.detail().equals(detail)
                || detail.reason().effect() == Reason.Effect.SIGNED_OUT;
        LOGGER.log(
                known ? Logger.Level.DEBUG : Logger.Level.INFO,
                () -> "Resource " + denial.resourceId() + " is refused: " + denial.describe());
        resource.lastDenial(denial);
        last = denial;
        return denial;
    }

    /** Refuses a packet, which is counted as dropped. */
    void refuse(IpPacket packet, DropReason reason, IcmpError.Cause cause) {
        ledger.drop(reason, packet.segments());
        answer(packet, cause);
    }

    /** Tells the application of a packet that was dropped, and counted, elsewhere. */
    void answer(IpPacket packet, IcmpError.Cause cause) {
        int length = IcmpError.write(cause, packet, error, PacketBatch.HEADROOM);
        if (length == 0) {
            return;
        }
        ledger.originate();
        if (tun.accept(error, PacketBatch.HEADROOM, length, 0)) {
            ledger.deliver();
        } else {
            ledger.drop(DropReason.WRITE_FAILED);
        }
    }

    void refuse(IpPacket packet, Denial denial) {
        refuse(packet, denial.dropReason(), denial.cause());
    }

    /** Refuses all that waits. */
    void refuse(UniquePackets packets, Denial denial) {
        packets.drainTo((buffer, offset, length) -> {
            held.wrap(buffer, offset, length);
            refuse(held, denial);
        });
    }
}
