package dev.sluice.channel;

/** What the portal tells a client (topic {@code client}). Encoded and decoded by {@link ClientCodec}. */
public sealed interface PortalToClient
        permits ClientInit,
                ConfigChanged,
                FlowCreated,
                FlowCreationFailed,
                IceCandidates,
                InvalidateIceCandidates,
                RelaysPresence,
                ResourceCreatedOrUpdated,
                ResourceDeleted {}
