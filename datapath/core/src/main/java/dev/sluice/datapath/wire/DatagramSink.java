package dev.sluice.datapath.wire;

/** Takes datagrams to be sent. The bytes are valid only during the call: a sink that keeps them copies them. */
@FunctionalInterface
public interface DatagramSink {
    /**
     * @param local the address and port to send from
     * @param remote the address and port to send to, of the same family
     */
    void send(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length);
}
