package dev.sluice.channel;

import java.util.List;

/** The client's full snapshot, sent after each join: a resource that is absent is revoked. */
public record ClientInit(ClientInterface tunnel, List<Resource> resources, List<Relay> relays)
        implements PortalToClient {
    public ClientInit {
        resources = List.copyOf(resources);
        relays = List.copyOf(relays);
    }
}
