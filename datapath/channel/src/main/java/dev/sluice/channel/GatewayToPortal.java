package dev.sluice.channel;

/** What a gateway tells the portal (topic {@code gateway}). Encoded and decoded by {@link GatewayCodec}. */
public sealed interface GatewayToPortal
        permits BroadcastIceCandidates, BroadcastInvalidatedIceCandidates, FlowAuthorized, SnapshotRequest {}
