package dev.sluice.channel;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The portal grants a client access to a resource through this gateway, which answers {@link FlowAuthorized}.
 *
 * @param ref opaque, to be answered once
 * @param expiresAt when the grant ends without a word, in whole seconds; null for never
 */
public record AuthorizeFlow(
        String ref,
        @Nullable Instant expiresAt,
        Resource resource,
        GrantedClient client,
        IceCredentials clientIce,
        IceCredentials gatewayIce)
        implements PortalToGateway {
    /**
     * Whom the grant is for.
     *
     * @param publicKey base64, 44 characters
     * @param presharedKey base64 of 32 bytes
     */
    public record GrantedClient(UUID id, String publicKey, Secret presharedKey, String ipv4, String ipv6) {}
}
