package dev.sluice.datapath.io.route;

import dev.sluice.datapath.io.Libc;
import dev.sluice.datapath.io.netlink.NetlinkException;
import dev.sluice.datapath.io.netlink.NetlinkReply;
import dev.sluice.datapath.io.netlink.NetlinkSocket;
import dev.sluice.datapath.io.netlink.NfTables;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hears from the kernel of changes of what is ours on the host (rtnetlink(7), groups), and of the networks around it.
 * What a change was does not count: whoever is told looks at what is there.
 */
public final class HostWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HostWatch.class.getName());

    private static final int GROUP_LINK = 1;
    private static final int GROUP_IPV4_ADDRESS = 5;
    private static final int GROUP_IPV4_ROUTE = 7;
    private static final int GROUP_IPV4_RULE = 8;
    private static final int GROUP_IPV6_ADDRESS = 9;
    private static final int GROUP_IPV6_ROUTE = 11;
    private static final int GROUP_IPV6_RULE = 19;
    private static final int RULE_PRIORITY = 6;
    private static final int TURN_MILLIS = 1_000;

    private final String table;
    private final NetlinkSocket routes;
    private final @Nullable NetlinkSocket filters;
    private final Set<Integer> own;
    private final Consumer<String> changed;
    private volatile boolean closed;

    private HostWatch(
            String table,
            NetlinkSocket routes,
            @Nullable NetlinkSocket filters,
            Set<Integer> own,
            Consumer<String> changed) {
        this.table = table;
        this.routes = routes;
        this.filters = filters;
        this.own = own;
        this.changed = changed;
    }

    /**
     * Watches the network namespace of the calling thread, on a thread of its own.
     *
     * @param device the TUN device's name
     * @param setter makes changes of its own, which are not told
     * @param changed takes the name of the program whose doing it was, empty if it was the kernel's or is not known
     */
    public static HostWatch start(String device, KernelHostRoutes setter, Consumer<String> changed)
            throws HostRoutesException {
        try {
            NetlinkSocket routes = NetlinkSocket.open(NetlinkSocket.ROUTE);
            for (int group : new int[] {
                GROUP_LINK,
                GROUP_IPV4_ADDRESS,
                GROUP_IPV4_ROUTE,
                GROUP_IPV4_RULE,
                GROUP_IPV6_ADDRESS,
                GROUP_IPV6_ROUTE,
                GROUP_IPV6_RULE
            }) {
                routes.join(group);
            }
            HostWatch watch =
                    new HostWatch(Barrier.TABLE_PREFIX + device, routes, filters(setter), setter.ports(), changed);
            Thread.ofPlatform().name("host-watch").daemon().start(watch::run);
            return watch;
        } catch (NetlinkException forbidden) {
            throw new HostRoutesException("routes cannot be watched: " + forbidden.getMessage());
        }
    }

    /** The thread ends soon. */
    @Override
    public void close() {
        closed = true;
    }

    private static @Nullable NetlinkSocket filters(KernelHostRoutes setter) throws NetlinkException {
        if (!setter.hasBarrier()) {
            return null;
        }
        NetlinkSocket filters = NetlinkSocket.open(NetlinkSocket.NETFILTER);
        filters.join(Barrier.NEWS);
        return filters;
    }

    private void run() {
        NetlinkSocket[] sockets =
                filters == null ? new NetlinkSocket[] {routes} : new NetlinkSocket[] {routes, filters};
        while (!closed) {
            if (NetlinkSocket.await(TURN_MILLIS, sockets)) {
                for (NetlinkSocket socket : sockets) {
                    hear(socket);
                }
            }
        }
        for (NetlinkSocket socket : sockets) {
            socket.close();
        }
    }

    private void hear(NetlinkSocket socket) {
        try {
            int who = -1;
            for (NetlinkReply news : socket.news()) {
                if (!own.contains(news.port()) && concerns(socket, news)) {
                    who = Math.max(who, news.port());
                }
            }
            if (who >= 0) {
                changed.accept(program(who));
            }
        } catch (NetlinkException lost) {
            if (lost.errno() != Libc.ENOBUFS) {
                LOG.log(System.Logger.Level.WARNING, "the watch of the host's routes: " + lost.getMessage());
            }
            changed.accept("");
        }
    }

    private boolean concerns(NetlinkSocket socket, NetlinkReply news) {
        if (socket != routes) {
            return news.type() == NfTables.type(Barrier.DELETE_TABLE)
                    && Barrier.name(news).equals(table);
        }
        return switch (news.type()) {
            case Rtnetlink.NEW_RULE, Rtnetlink.DELETE_RULE -> {
                ByteBuffer priority =
                        news.attributes(Rtnetlink.ROUTE_HEADER_LENGTH).get(RULE_PRIORITY);
                yield priority != null && RoutingTables.isOurs(priority.getInt(0), Rtnetlink.table(news));
            }
            case Rtnetlink.NEW_ROUTE, Rtnetlink.DELETE_ROUTE -> RoutingTables.isOurs(Rtnetlink.table(news));
            default -> true;
        };
    }

    /** Of a process that speaks to the kernel, the port is mostly its id. */
    private static String program(int port) {
        try {
            return port == 0
                    ? ""
                    : Files.readString(Path.of("/proc", Integer.toUnsignedString(port), "comm"))
                            .strip();
        } catch (IOException ended) {
            return "";
        }
    }
}
