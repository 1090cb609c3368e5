package dev.sluice.datapath.io.diagnosis;

import dev.sluice.datapath.io.Libc;
import dev.sluice.datapath.wire.IpAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out why nothing comes back from an address that clients send to through this host: by the host's settings and
 * routes, and by watching how far the next packets get.
 */
public final class ReturnPath {
    /** How long a client's next packet, and then the answer to it, is waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private static final int STEP_MILLIS = 100;

    private final HostChecks checks = new HostChecks();
    private final String tunnel;
    private final String ranges;
    private final Duration patience;

    /**
     * @param tunnel the name of the tunnel's interface
     * @param ranges where clients have their addresses, as the operator is to route them
     */
    public ReturnPath(String tunnel, String ranges) {
        this(tunnel, ranges, PATIENCE);
    }

    ReturnPath(String tunnel, String ranges, Duration patience) {
        this.tunnel = tunnel;
        this.ranges = ranges;
        this.patience = patience;
    }

    /**
     * Looks, for some seconds.
     *
     * @return what is wrong and what to do about it; empty while no client sends, or when an answer came after all
     * @throws IOException where the process may not look
     */
    public Optional<String> look(IpAddress client, IpAddress destination) throws IOException {
        int device = Libc.interfaceIndex(tunnel);
        if (device == 0) {
            throw new IOException("there is no interface " + tunnel);
        }
        if (!checks.forwards(destination.version())) {
            return Optional.of(HostChecks.forwardingOff(destination.version()));
        }
        RouteLookup route = RouteLookup.of(client, destination, device);
        Optional<String> unroutable = explain(route.outcome());
        if (unroutable.isPresent()) {
            return unroutable;
        }
        Passage passage = new Passage(destination, device);
        try (PacketTap tap = PacketTap.open(destination)) {
            watch(tap, passage);
        }
        return explain(passage, route, destination);
    }

    private void watch(PacketTap tap, Passage passage) {
        long end = System.nanoTime() + patience.toNanos();
        boolean left = false;
        while (System.nanoTime() < end && !passage.isDelivered()) {
            tap.read(STEP_MILLIS, passage);
            if (!left && passage.outer().isPresent()) {
                left = true;
                end = System.nanoTime() + patience.toNanos();
            }
        }
    }

    private static Optional<String> explain(RouteLookup.Outcome outcome) {
        return switch (outcome) {
            case NO_ROUTE -> Optional.of("this host has no route to it: look at 'ip route get'");
            case WRONG_INTERFACE ->
                Optional.of("rp_filter drops what comes out of the tunnel. Set it to loose on the tunnel's interface"
                        + " and on 'all': sysctl -w net.ipv4.conf.all.rp_filter=2");
            case FORWARDED, LOCAL, UNKNOWN -> Optional.empty();
        };
    }

    /** By how far packets came. */
    private Optional<String> explain(Passage passage, RouteLookup route, IpAddress destination) {
        int version = destination.version();
        if (passage.isDelivered() || !passage.hasEntered()) {
            return Optional.empty();
        }
        if (route.outcome() == RouteLookup.Outcome.LOCAL) {
            return Optional.of(
                    "the address is this host's own, and nothing on it answers: start the service, and let its"
                            + " firewall's INPUT take what comes out of " + tunnel);
        }
        if (Neighbours.isSilent(route.nextHop())) {
            return Optional.of(
                    route.nextHop().equals(destination)
                            ? "nobody on the network next to this host has the resource's address: it is down, or elsewhere"
                            : "the router on the way to it does not answer: see 'ip neigh'");
        }
        if (passage.outer().isEmpty()) {
            return Optional.of("this host's firewall drops what comes out of " + tunnel
                    + suspects(Firewall.droppingForwardChains(version), Firewall.strictReversePathChains(version))
                    + ". Let it pass: iptables -I FORWARD -i " + tunnel + " -j ACCEPT; iptables -I FORWARD -o "
                    + tunnel + " -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT (with Docker in the chain"
                    + " DOCKER-USER; with firewalld: firewall-cmd --zone=trusted --add-interface=" + tunnel + ")");
        }
        String outer = Libc.interfaceName(passage.outer().getAsInt());
        if (passage.isAnswered()) {
            return Optional.of("answers arrive at " + outer + " and this host drops them"
                    + suspects(Firewall.droppingForwardChains(version), Firewall.strictReversePathChains(version))
                    + ". Let them pass: iptables -I FORWARD -o " + tunnel
                    + " -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT; and look at rp_filter of " + outer);
        }
        return Optional.of(
                passage.isTranslated()
                        ? "packets leave " + outer + " with this host's address and are not answered: the resource is"
                                + " down, a firewall is before it, or the network does not lead there"
                        : "packets leave " + outer + " with the client's address and no answer finds the way back."
                                + " Route " + ranges + " to this host where the resource is, or masquerade:"
                                + " iptables -t nat -I POSTROUTING -o " + outer + " -j MASQUERADE"
                                + " (ip6tables for IPv6)");
    }

    private static String suspects(List<String> dropping, List<String> strict) {
        List<String> all = new ArrayList<>();
        dropping.forEach(chain -> all.add(chain + " drops what no rule accepts"));
        strict.forEach(chain -> all.add(chain + " filters by reverse path"));
        return all.isEmpty() ? "" : " (" + String.join("; ", all) + ")";
    }
}
