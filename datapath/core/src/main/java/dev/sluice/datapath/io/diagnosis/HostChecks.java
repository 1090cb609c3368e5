package dev.sluice.datapath.io.diagnosis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/** Settings of the host that are its operator's and that stand in our way, each with what to do. */
public final class HostChecks {
    private static final Path PROC = Path.of("/proc/sys/net");

    private final Path settings;

    public HostChecks() {
        this(PROC);
    }

    /** @param settings stands for {@code /proc/sys/net} */
    HostChecks(Path settings) {
        this.settings = settings;
    }

    /**
     * Strict reverse-path filtering (ip-sysctl: the greater of {@code all} and the interface's own counts; 1 is strict):
     * when a resource covers the portal's or a gateway's outer address, answers from there are dropped.
     */
    public List<String> reversePath(Collection<String> interfaces) {
        List<String> messages = new ArrayList<>();
        int all = read("ipv4/conf/all/rp_filter");
        for (String name : interfaces) {
            if (Math.max(all, read("ipv4/conf/" + name + "/rp_filter")) == 1) {
                messages.add("rp_filter is strict (1) on " + name
                        + ": a resource that covers the address of the portal or of a gateway would cut them off."
                        + " Set it to loose: sysctl -w net.ipv4.conf." + name + ".rp_filter=2");
            }
        }
        return messages;
    }

    /** Without forwarding a gateway's host throws away what leaves the tunnel. */
    public List<String> forwarding() {
        return IntStream.of(4, 6)
                .filter(version -> !forwards(version))
                .mapToObj(HostChecks::forwardingOff)
                .toList();
    }

    /** Where there is no such setting, there is nothing to be said against it. */
    boolean forwards(int version) {
        return read(version == 4 ? "ipv4/ip_forward" : "ipv6/conf/all/forwarding") != 0;
    }

    /** That forwarding is off, and what to do. */
    static String forwardingOff(int version) {
        return version == 4
                ? "IPv4 forwarding is off: clients cannot reach resources behind this gateway."
                        + " Set it: sysctl -w net.ipv4.ip_forward=1"
                : "IPv6 forwarding is off: clients cannot reach IPv6 resources behind this gateway."
                        + " Set it: sysctl -w net.ipv6.conf.all.forwarding=1"
                        + " (and accept_ra=2 on interfaces that use router advertisements)";
    }

    /** Firewalls filter by reverse path too; IPv6 knows it only so. */
    public List<String> reversePathByFirewall() {
        return IntStream.of(4, 6)
                .mapToObj(Firewall::strictReversePathChains)
                .flatMap(List::stream)
                .distinct()
                .map(chain -> chain + " drops by reverse path, as a strict rp_filter does: a resource that covers the"
                        + " address of the portal or of a gateway would cut them off. Make it loose: without 'iif'"
                        + " ('fib saddr oif'), with firewalld by IPv6_rpfilter=loose")
                .toList();
    }

    /** Chains of firewalls that forwarded packets have to be let through by. */
    public List<String> droppingForwardChains() {
        return IntStream.of(4, 6)
                .mapToObj(Firewall::droppingForwardChains)
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    /** -1 where there is no such setting. */
    private int read(String name) {
        try {
            return Integer.parseInt(Files.readString(settings.resolve(name)).strip());
        } catch (IOException | NumberFormatException absent) {
            return -1;
        }
    }
}
