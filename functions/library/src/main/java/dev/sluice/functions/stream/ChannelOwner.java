package dev.sluice.functions.stream;

import dev.sluice.channel.Reason;
import dev.sluice.functions.device.Device;
import java.time.Duration;

/**
 * Who serves devices' channels: an instance, which holds their connections, or what stands for a connection that is held
 * elsewhere. That it may, says a row of the database: a newer connection of the device takes the row over, wherever it is.
 */
interface ChannelOwner {
    /** What became of a device that joins. */
    sealed interface Registered {
        record Accepted(long fence) implements Registered {}

        /** What it signed in with ended since its handshake. */
        record Refused(Reason reason) implements Registered {}

        /** The device has joined by a later connection meanwhile. */
        record Overtaken() implements Registered {}
    }

    /** When and where something is said. */
    Stamp stamp();

    /**
     * Makes this the owner of the device's channel, and gives back to the outbox what the last connection may have swallowed.
     * Who gets a fence leaves with it, served or not.
     */
    Registered register(Device device);

    /**
     * From now on the device is told what lies in its outbox. Of two connections of a device the one that joined later stays.
     *
     * @return false if a later one is served already, or this one has ended
     */
    boolean serve(Channel channel);

    /**
     * The device is no longer connected here.
     *
     * @param silent for how long it has taken nothing, or said nothing
     */
    void leave(Device device, long fence, ConnectionPush connection, Duration silent);
}
