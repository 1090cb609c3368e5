package dev.sluice.benchmarks;

/** Two ends of a tunnel between the lab's client and gateway, with the resource's host behind the latter. */
interface TunnelPair {
    /** As it stands in the table. */
    String name();

    /** Brings both ends up; traffic to {@link #target} then goes through them. */
    void start();

    /** An address of the resource's host that the client reaches through this tunnel only. */
    String target();

    /** What the command lines of its two processes contain, and nobody else's do: the client's and the gateway's. */
    String clientProcess();

    String gatewayProcess();

    boolean runsOnJvm();

    /** Removes what {@link #start} made. */
    void stop();
}
