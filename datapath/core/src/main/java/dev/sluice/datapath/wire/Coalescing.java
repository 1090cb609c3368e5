package dev.sluice.datapath.wire;

/** What a host takes several packets in one piece of, and knows how to take apart. */
public enum Coalescing {
    NOTHING,
    /** Segments of TCP. */
    STREAMS,
    /** Segments of TCP, and UDP datagrams of one size. */
    STREAMS_AND_DATAGRAMS
}
