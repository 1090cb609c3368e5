package dev.sluice.datapath.client;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;

/** The gateways that this client was connected to, the latest last, so that the portal may prefer one of them. */
final class RecentGateways {
    static final int CAPACITY = 100;

    private final LinkedHashSet<UUID> gateways = new LinkedHashSet<>();

    void add(UUID gateway) {
        gateways.addLast(gateway);
        if (gateways.size() > CAPACITY) {
            gateways.removeFirst();
        }
    }

    List<UUID> ids() {
        return List.copyOf(gateways);
    }
}
