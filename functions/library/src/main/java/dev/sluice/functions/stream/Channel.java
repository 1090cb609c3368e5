package dev.sluice.functions.stream;

import dev.sluice.channel.Frame;
import dev.sluice.channel.FrameCodec;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.functions.device.Device;
import java.util.function.LongSupplier;

/**
 * A device that has joined on this instance.
 *
 * @param fence of its row: a newer connection of the device has a higher one
 * @param time the database's clock, in milliseconds since 1970
 * @param offer what a client was told that it may ask for; to a gateway nothing is offered
 * @param progress what of that the database does not know yet
 */
record Channel(Device device, long fence, Connection connection, LongSupplier time, Offer offer, Progress progress) {
    Channel(Device device, long fence, Connection connection, LongSupplier time, Offer offer) {
        this(device, fence, connection, time, offer, new Progress());
    }

    /** Sends a push; only our own peers get the extra key. */
    void push(Frame frame, SluiceExtra extra) {
        connection.send(FrameCodec.encode(device.own() ? frame.with(extra.at(time.getAsLong())) : frame));
    }
}
