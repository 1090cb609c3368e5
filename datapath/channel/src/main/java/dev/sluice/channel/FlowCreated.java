package dev.sluice.channel;

import java.util.UUID;

/**
 * The gateway holds the grant: the client connects to it.
 *
 * @param gatewayPublicKey base64, 44 characters
 * @param presharedKey base64 of 32 bytes
 */
public record FlowCreated(
        UUID resourceId,
        UUID gatewayId,
        UUID siteId,
        String gatewayPublicKey,
        String gatewayIpv4,
        String gatewayIpv6,
        Secret presharedKey,
        IceCredentials clientIce,
        IceCredentials gatewayIce)
        implements PortalToClient {}
