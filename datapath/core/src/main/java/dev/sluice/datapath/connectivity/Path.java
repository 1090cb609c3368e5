package dev.sluice.datapath.connectivity;

import dev.sluice.datapath.wire.Endpoint;

/**
 * The way that a connection's datagrams take.
 *
 * @param local the socket's address on this side
 * @param remote where datagrams are sent to
 */
public record Path(Endpoint local, Endpoint remote) {}
