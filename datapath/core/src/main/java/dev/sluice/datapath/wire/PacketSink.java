package dev.sluice.datapath.wire;

/** Takes packets. The bytes are valid only during the call: a sink that keeps them copies them. */
@FunctionalInterface
public interface PacketSink {
    void accept(byte[] buffer, int offset, int length);
}
