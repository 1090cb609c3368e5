package dev.sluice.datapath.simulation;

import dev.sluice.datapath.wire.IpPacket;

/** A program on a client's host, which owns one local port. */
interface Application {
    void start();

    void received(IpPacket packet);

    /** An ICMP error about a packet of this application. */
    void refused(IpPacket error);
}
