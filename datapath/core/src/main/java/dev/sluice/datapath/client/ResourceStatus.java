package dev.sluice.datapath.client;

import dev.sluice.channel.Resource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A resource of the client, seen from outside.
 *
 * @param type {@code cidr}, {@code dns} or {@code internet}
 * @param address the network or name; empty for {@code internet}
 * @param gatewayId who granted it; null if nobody has
 * @param lastDenial why it was last refused; null if it never was
 */
public record ResourceStatus(
        UUID id,
        String name,
        String type,
        String address,
        Access access,
        @Nullable UUID gatewayId,
        @Nullable Denial lastDenial) {
    /** How far access to a resource has come. */
    public enum Access {
        /** Not asked for, or not any more. */
        KNOWN,
        /** The portal was asked. */
        ASKED,
        GRANTED,
        /** The portal refused, or did not answer, a moment ago. */
        REFUSED,
        /** Of a kind that this client cannot reach. */
        UNSUPPORTED
    }

    static ResourceStatus of(ClientResource resource) {
        Resource.Cidr description = resource.description();
        GatewayPeer gateway = resource.gateway();
        return new ResourceStatus(
                description.id(),
                description.name(),
                "cidr",
                description.address(),
                access(resource),
                gateway == null ? null : gateway.id(),
                resource.lastDenial());
    }

    static ResourceStatus unsupported(Resource resource) {
        String type = switch (resource) {
            case Resource.Cidr cidr -> "cidr";
            case Resource.Dns dns -> "dns";
            case Resource.Internet internet -> "internet";
        };
        String address = switch (resource) {
            case Resource.Cidr cidr -> cidr.address();
            case Resource.Dns dns -> dns.address();
            case Resource.Internet internet -> "";
        };
        return new ResourceStatus(resource.id(), resource.name(), type, address, Access.UNSUPPORTED, null, null);
    }

    private static Access access(ClientResource resource) {
        PendingFlow pending = resource.pending();
        if (pending != null && pending.isOpen()) {
            return Access.ASKED;
        }
        if (resource.gateway() != null) {
            return Access.GRANTED;
        }
        return pending == null ? Access.KNOWN : Access.REFUSED;
    }
}
