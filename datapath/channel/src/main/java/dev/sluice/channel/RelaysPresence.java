package dev.sluice.channel;

import java.util.List;
import java.util.UUID;

/**
 * Relays came or went.
 *
 * @param connected all that the peer should use from now on
 */
public record RelaysPresence(List<UUID> disconnectedIds, List<Relay> connected)
        implements PortalToClient, PortalToGateway {
    public RelaysPresence {
        disconnectedIds = List.copyOf(disconnectedIds);
        connected = List.copyOf(connected);
    }
}
