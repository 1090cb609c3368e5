package dev.sluice.datapath.portal;

import dev.sluice.channel.Frame;

/** What the device says, as a frame with this reference. */
@FunctionalInterface
public interface MessageEncoder<O> {
    Frame encode(O message, long ref);
}
