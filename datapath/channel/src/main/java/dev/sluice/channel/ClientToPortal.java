package dev.sluice.channel;

/** What a client tells the portal (topic {@code client}). Encoded and decoded by {@link ClientCodec}. */
public sealed interface ClientToPortal
        permits BroadcastIceCandidates, BroadcastInvalidatedIceCandidates, CreateFlow, SnapshotRequest {}
