package dev.sluice.functions.process;

import dev.sluice.functions.device.Device;
import dev.sluice.functions.stream.ConnectionPush;
import java.time.Duration;
import java.time.Instant;

/** The portal's ends of sockets. */
final class OpenSockets {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private OpenSockets() {}

    /** That of a device's socket; it may open a moment after the device thinks so. */
    static ConnectionPush of(Sockets sockets, Device device) {
        var deadline = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(deadline)) {
            for (var open : sockets.all()) {
                if (open.channel().device().id().equals(device.id())) {
                    return open.connection();
                }
            }
        }
        throw new AssertionError("the device is not served");
    }
}
