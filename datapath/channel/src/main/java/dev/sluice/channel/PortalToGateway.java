package dev.sluice.channel;

/** What the portal tells a gateway (topic {@code gateway}). Encoded and decoded by {@link GatewayCodec}. */
public sealed interface PortalToGateway
        permits AccessAuthorizationExpiryUpdated,
                AuthorizeFlow,
                GatewayInit,
                GrantDigest,
                IceCandidates,
                InvalidateIceCandidates,
                RejectAccess,
                RelaysPresence,
                ResourceUnreadable,
                ResourceUpdated {}
