package dev.sluice.functions.stream;

import dev.sluice.channel.ForeignPeer;
import dev.sluice.channel.Frame;
import dev.sluice.channel.FrameCodec;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.functions.device.Device;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A device that has joined on this instance. One thread at a time tells it something.
 *
 * @param fence of its row: a newer connection of the device has a higher one
 * @param stamp of what is said
 * @param check when what the device was told is held against what holds
 * @param offer what a client was told that it may ask for; to a gateway nothing is offered
 * @param progress what of that the database does not know yet
 * @param said how many pushes it was sent
 */
record Channel(
        Device device,
        long fence,
        ConnectionPush connection,
        Stamp stamp,
        Periodic check,
        Offer offer,
        Progress progress,
        AtomicLong said) {
    Channel(Device device, long fence, ConnectionPush connection, Stamp stamp, Periodic check) {
        this(device, fence, connection, stamp, check, new Offer(), new Progress(), new AtomicLong());
    }

    /** Sends a push; only our own peers get the extra key. */
    void push(Messages.Push push) {
        var frame = device.own()
                ? push.frame().with(stamp.on(push.extra(), said.incrementAndGet()))
                : ForeignPeer.complete(push.frame());
        connection.send(FrameCodec.encode(device.dialect().toPeer(frame)));
        push.effect().accept(offer);
    }

    void push(Frame frame, SluiceExtra extra) {
        push(new Messages.Push(frame, extra));
    }
}
