package dev.sluice.datapath.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

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
        List<String> messages = new ArrayList<>();
        if (read("ipv4/ip_forward") == 0) {
            messages.add("IPv4 forwarding is off: clients cannot reach resources behind this gateway."
                    + " Set it: sysctl -w net.ipv4.ip_forward=1");
        }
        if (read("ipv6/conf/all/forwarding") == 0) {
            messages.add("IPv6 forwarding is off: clients cannot reach IPv6 resources behind this gateway."
                    + " Set it: sysctl -w net.ipv6.conf.all.forwarding=1"
                    + " (and accept_ra=2 on interfaces that use router advertisements)");
        }
        return messages;
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
