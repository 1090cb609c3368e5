package dev.sluice.datapath.io.route;

import dev.sluice.datapath.io.Libc;
import dev.sluice.datapath.io.SocketMark;
import dev.sluice.datapath.io.netlink.NetlinkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@link HostRoutes} by netlink, in the network namespace of the thread that made it. */
public final class KernelHostRoutes implements HostRoutes {
    private static final Path IPV6_SETTINGS = Path.of("/proc/sys/net/ipv6/conf");

    private final String device;
    private final Rtnetlink host;
    private final @Nullable Barrier barrier;
    private final List<FamilyRoutes> families = new ArrayList<>();
    private final String barrierNote;
    private RouteSettings settings = RouteSettings.NONE;
    private List<List<AddressRange>> kept = List.of();
    private boolean configured;
    private boolean prepared;

    private KernelHostRoutes(String device, int mark, Rtnetlink host, @Nullable Barrier barrier, String barrierNote) {
        this.device = device;
        this.host = host;
        this.barrier = barrier;
        this.barrierNote = barrierNote;
        families.add(new FamilyRoutes(host, device, 4, mark));
        if (hasIpv6()) {
            families.add(new FamilyRoutes(host, device, 6, mark));
        }
    }

    /**
     * For a device whose own datagrams bear {@link SocketMark#MARK}.
     *
     * @throws HostRoutesException where the process may not speak to the kernel's routing
     */
    public static KernelHostRoutes open(String device) throws HostRoutesException {
        return open(device, SocketMark.MARK);
    }

    /** The same with another mark. */
    public static KernelHostRoutes open(String device, int mark) throws HostRoutesException {
        try {
            Rtnetlink host = Rtnetlink.open();
            try {
                return new KernelHostRoutes(device, mark, host, Barrier.open(device, mark), "");
            } catch (NetlinkException absent) {
                return new KernelHostRoutes(
                        device,
                        mark,
                        host,
                        null,
                        "there is no nf_tables here (" + absent.getMessage()
                                + "): while somebody else's hands have taken routes away, packets may leave in clear"
                                + " for some milliseconds. Load the kernel's module: modprobe nf_tables");
            }
        } catch (NetlinkException forbidden) {
            throw new HostRoutesException("routes cannot be set: " + forbidden.getMessage());
        }
    }

    @Override
    public void configure(RouteSettings wanted) throws HostRoutesException {
        settings = wanted;
        configured = true;
        restore();
    }

    @Override
    public List<String> restore() throws HostRoutesException {
        if (!configured) {
            return List.of();
        }
        List<String> missing = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        try {
            prepare();
            apply(missing, failures);
        } catch (NetlinkException refused) {
            failures.add(refused.getMessage());
        }
        complain(failures);
        return missing;
    }

    @Override
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (!hasIpv6()) {
            notes.add("this kernel has no IPv6: resources are reached over IPv4 alone");
        } else if (!leads(6)) {
            notes.add("IPv6 is off on " + device + ": resources are reached over IPv4 alone. To have it:"
                    + " sysctl -w net.ipv6.conf." + device + ".disable_ipv6=0");
        }
        if (!barrierNote.isEmpty()) {
            notes.add(barrierNote);
        }
        return notes;
    }

    @Override
    public boolean hasBarrier() {
        return barrier != null;
    }

    @Override
    public long stopped() {
        try {
            return barrier == null ? 0 : barrier.stopped();
        } catch (NetlinkException unknown) {
            return 0;
        }
    }

    @Override
    public void close() throws HostRoutesException {
        List<String> failures = new ArrayList<>();
        try {
            for (FamilyRoutes family : families) {
                family.removeAll(false, failures);
            }
            if (barrier != null) {
                barrier.remove();
                barrier.close();
            }
        } catch (NetlinkException refused) {
            failures.add(refused.getMessage());
        } finally {
            host.close();
        }
        complain(failures);
    }

    /**
     * Removes what a killed process left behind.
     *
     * @throws HostRoutesException when a device of ours still runs on this host
     */
    public static void cleanUp() throws HostRoutesException {
        KernelHostRoutes left = open("");
        List<String> failures = new ArrayList<>();
        try {
            for (FamilyRoutes family : left.families) {
                Set<String> devices = family.otherDevices();
                if (!devices.isEmpty()) {
                    throw new HostRoutesException(
                            String.join(", ", devices) + " is in use by a running client or gateway; stop that first");
                }
            }
            for (FamilyRoutes family : left.families) {
                family.removeAll(true, failures);
            }
            left.removeLeftOverBarriers();
        } catch (NetlinkException refused) {
            failures.add(refused.getMessage());
        } finally {
            left.host.close();
            if (left.barrier != null) {
                left.barrier.close();
            }
        }
        complain(failures);
    }

    /** Our own news: what this object changes is no foreign hand's doing. */
    Set<Integer> ports() {
        Set<Integer> ports = new HashSet<>(Set.of(host.port()));
        if (barrier != null) {
            ports.add(barrier.port());
        }
        return ports;
    }

    /** Once, before anything is set. */
    private void prepare() throws NetlinkException, HostRoutesException {
        Rtnetlink.Link link = host.links().get(device);
        if (link == null) {
            throw new HostRoutesException("there is no interface " + device + " any more");
        }
        if (!prepared) {
            host.generateNoAddresses(link.index());
            removeLeftOverBarriers();
            prepared = true;
        }
    }

    private void apply(List<String> missing, List<String> failures) throws NetlinkException {
        for (FamilyRoutes family : families) {
            family.plan(settings, leads(family.version()));
        }
        if (barrier != null) {
            raise(barrier, missing, failures);
        }
        for (FamilyRoutes family : families) {
            family.apply(missing, failures);
        }
    }

    private void raise(Barrier standing, List<String> missing, List<String> failures) {
        List<List<AddressRange>> wanted =
                families.stream().map(FamilyRoutes::kept).toList();
        try {
            boolean any = wanted.stream().anyMatch(ranges -> !ranges.isEmpty());
            boolean gone = any && wanted.equals(kept) && !standing.stands();
            if (gone) {
                missing.add("the barrier");
            }
            if (gone || !wanted.equals(kept)) {
                standing.set(wanted.getFirst(), wanted.size() > 1 ? wanted.getLast() : List.of());
                kept = wanted;
            }
        } catch (NetlinkException refused) {
            kept = List.of();
            failures.add("barrier: " + refused.getMessage());
        }
    }

    private void removeLeftOverBarriers() throws NetlinkException {
        if (barrier != null) {
            barrier.removeLeftOvers(host.links().keySet());
        }
    }

    private static void complain(List<String> failures) throws HostRoutesException {
        if (!failures.isEmpty()) {
            throw new HostRoutesException(String.join("; ", failures));
        }
    }

    /** Whether the device may have addresses of the family. */
    private boolean leads(int version) {
        if (version == 4) {
            return true;
        }
        try {
            return !Files.readString(IPV6_SETTINGS.resolve(device).resolve("disable_ipv6"))
                    .strip()
                    .equals("1");
        } catch (IOException unknown) {
            return true;
        }
    }

    /** Asked of a socket: a kernel may have it built in and switched off. */
    private static boolean hasIpv6() {
        int socket = Libc.socket(Libc.AF_INET6, Libc.SOCK_DGRAM | Libc.O_CLOEXEC, 0);
        if (socket < 0) {
            return false;
        }
        Libc.close(socket);
        return true;
    }
}
