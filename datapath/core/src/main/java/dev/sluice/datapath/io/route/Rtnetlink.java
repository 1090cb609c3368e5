package dev.sluice.datapath.io.route;

import dev.sluice.datapath.io.Libc;
import dev.sluice.datapath.io.netlink.NetlinkException;
import dev.sluice.datapath.io.netlink.NetlinkMessage;
import dev.sluice.datapath.io.netlink.NetlinkReply;
import dev.sluice.datapath.io.netlink.NetlinkSocket;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPrefix;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Links, addresses, routes and rules of the host (rtnetlink(7)): what is there, and changes of it. What is to be set is
 * set if it is there already, and what is to be removed may be gone.
 *
 * <pre>
 *   struct ifinfomsg    | family (1) | – (1) | type (2) | index (4) | flags (4) | changed flags (4) |
 *   struct ifaddrmsg    | family (1) | prefix length (1) | flags (1) | scope (1) | index (4) |
 *   struct rtmsg        | family | dst length | src length | tos | table | protocol | scope | type | flags (4) |
 *   struct fib_rule_hdr | family | dst length | src length | tos | table | –        | –     | action | flags (4) |
 * </pre>
 */
final class Rtnetlink implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Rtnetlink.class.getName());

    static final int NEW_LINK = 16;
    static final int NEW_ADDRESS = 20;
    static final int DELETE_ADDRESS = 21;
    static final int NEW_ROUTE = 24;
    static final int DELETE_ROUTE = 25;
    static final int NEW_RULE = 32;
    static final int DELETE_RULE = 33;
    static final int LINK_HEADER_LENGTH = 16;
    static final int ADDRESS_HEADER_LENGTH = 8;
    static final int ROUTE_HEADER_LENGTH = 12;

    private static final int GET_LINK = 18;
    private static final int GET_ADDRESS = 22;
    private static final int GET_ROUTE = 26;
    private static final int GET_RULE = 34;

    private static final int LINK_NAME = 3;
    private static final int LINK_FAMILY_SETTINGS = 26;
    private static final int IPV6_ADDRESS_GENERATION = 8;
    private static final byte GENERATE_NONE = 1;
    private static final int UP = 0x1;

    private static final int ADDRESS_ADDRESS = 1;
    private static final int ADDRESS_LOCAL = 2;
    private static final int NO_DUPLICATE_DETECTION = 0x02;

    private static final int ROUTE_DESTINATION = 1;
    private static final int ROUTE_DEVICE = 4;
    private static final int ROUTE_GATEWAY = 5;
    private static final int ROUTE_METRIC = 6;
    private static final int ROUTE_MULTIPATH = 9;
    private static final int ROUTE_TABLE = 15;
    private static final int ROUTE_VIA = 18;
    private static final int ROUTE_NEXT_HOP = 30;
    private static final int TABLE_IN_ATTRIBUTE = 252;
    private static final int PROTOCOL_STATIC = 4;
    private static final int SCOPE_UNIVERSE = 0;
    private static final int SCOPE_LINK = 253;
    private static final int IPV6_METRIC = 1024;
    private static final int CLONED = 0x200;

    private static final int RULE_SOURCE = 2;
    private static final int RULE_PRIORITY = 6;
    private static final int RULE_MARK = 10;
    private static final int RULE_TABLE = 15;
    private static final int ACTION_TO_TABLE = 1;
    private static final int INVERTED = 0x2;

    private static final int ESRCH = 3;
    private static final int EADDRNOTAVAIL = 99;

    /** What it means that something is not there to be removed. */
    private static final Set<Integer> GONE = Set.of(Libc.ENOENT, ESRCH, Libc.ENODEV, EADDRNOTAVAIL);

    private final NetlinkSocket socket;

    private Rtnetlink(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** A link's state. */
    record Link(int index, boolean up) {}

    static Rtnetlink open() throws NetlinkException {
        NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.ROUTE);
        socket.answerExactly();
        return new Rtnetlink(socket);
    }

    @Override
    public void close() {
        socket.close();
    }

    int port() {
        return socket.port();
    }

    /** By name. */
    Map<String, Link> links() throws NetlinkException {
        Map<String, Link> links = new TreeMap<>();
        NetlinkMessage ask = new NetlinkMessage(GET_LINK, NetlinkMessage.DUMP);
        for (NetlinkReply reply : socket.request(link(ask, 0, 0, 0))) {
            ByteBuffer name = reply.attributes(LINK_HEADER_LENGTH).get(LINK_NAME);
            if (name != null) {
                links.put(
                        NetlinkReply.text(name),
                        new Link(reply.body().getInt(4), (reply.body().getInt(8) & UP) != 0));
            }
        }
        return links;
    }

    void up(int index) throws NetlinkException {
        socket.request(link(new NetlinkMessage(NEW_LINK, NetlinkMessage.ACKNOWLEDGE), index, UP, UP));
    }

    /** No address of the link's own making. Old kernels, and those without IPv6, know no such thing. */
    void generateNoAddresses(int index) {
        NetlinkMessage message = link(new NetlinkMessage(NEW_LINK, NetlinkMessage.ACKNOWLEDGE), index, 0, 0);
        int families = message.nest(LINK_FAMILY_SETTINGS);
        int ipv6 = message.nest(Libc.AF_INET6);
        message.attribute(IPV6_ADDRESS_GENERATION, GENERATE_NONE).end(ipv6).end(families);
        try {
            socket.request(message);
        } catch (NetlinkException unknown) {
            LOG.log(System.Logger.Level.DEBUG, () -> "a link-local address may appear: " + unknown.getMessage());
        }
    }

    /**
     * An address of an interface.
     *
     * @param onLink the network that it says is on the link; of a point-to-point link the other end alone
     */
    record InterfaceAddress(int device, TunnelAddress address, IpPrefix onLink) {}

    /** The addresses of a family. */
    List<InterfaceAddress> addresses(int version) throws NetlinkException {
        List<InterfaceAddress> addresses = new ArrayList<>();
        NetlinkMessage ask = new NetlinkMessage(GET_ADDRESS, NetlinkMessage.DUMP)
                .u8(family(version))
                .u8(0)
                .u16(0)
                .u32(0);
        for (NetlinkReply reply : socket.request(ask)) {
            Map<Integer, ByteBuffer> attributes = reply.attributes(ADDRESS_HEADER_LENGTH);
            ByteBuffer subnet = attributes.get(ADDRESS_ADDRESS);
            if (subnet != null && subnet.limit() == (version == 4 ? 4 : 16)) {
                int length = Byte.toUnsignedInt(reply.body().get(1));
                addresses.add(new InterfaceAddress(
                        reply.body().getInt(4),
                        new TunnelAddress(address(attributes.getOrDefault(ADDRESS_LOCAL, subnet), version), length),
                        new IpPrefix(address(subnet, version), length)));
            }
        }
        return addresses;
    }

    void add(int device, TunnelAddress address) throws NetlinkException {
        socket.request(address(NEW_ADDRESS, NetlinkMessage.CREATE | NetlinkMessage.REPLACE, device, address));
    }

    void remove(int device, TunnelAddress address) throws NetlinkException {
        remove(address(DELETE_ADDRESS, 0, device, address));
    }

    /**
     * The routes of a table that lead to a device without a router in between, and those that refuse.
     *
     * @param table {@link RoutingTables#MAIN} or one of ours
     */
    List<Route> routes(int version, int table) throws NetlinkException {
        List<Route> routes = new ArrayList<>();
        NetlinkMessage ask = new NetlinkMessage(GET_ROUTE, NetlinkMessage.DUMP)
                .u8(family(version))
                .u8(0)
                .u16(0)
                .u32(0)
                .u32(0)
                .attributeU32(ROUTE_TABLE, table);
        for (NetlinkReply reply : dumpOfTable(ask)) {
            Map<Integer, ByteBuffer> attributes = reply.attributes(ROUTE_HEADER_LENGTH);
            int type = Byte.toUnsignedInt(reply.body().get(7));
            boolean routed = attributes.containsKey(ROUTE_GATEWAY)
                    || attributes.containsKey(ROUTE_VIA)
                    || attributes.containsKey(ROUTE_MULTIPATH)
                    || attributes.containsKey(ROUTE_NEXT_HOP);
            boolean cloned = (reply.body().getInt(8) & CLONED) != 0;
            if (table(reply) == table && !routed && !cloned && Route.Kind.isKnown(type)) {
                routes.add(route(version, table, type, reply, attributes));
            }
        }
        return routes;
    }

    /** A table without routes does not exist for kernels that look at one table alone; older ones show all. */
    private List<NetlinkReply> dumpOfTable(NetlinkMessage ask) throws NetlinkException {
        try {
            return socket.request(ask);
        } catch (NetlinkException refused) {
            if (refused.errno() == Libc.ENOENT) {
                return List.of();
            }
            throw refused;
        }
    }

    /** The table that a message about a route or rule is of. */
    static int table(NetlinkReply reply) {
        ByteBuffer table = reply.attributes(ROUTE_HEADER_LENGTH).get(ROUTE_TABLE);
        return table == null ? Byte.toUnsignedInt(reply.body().get(4)) : table.getInt(0);
    }

    void set(Route route) throws NetlinkException {
        socket.request(route(NEW_ROUTE, NetlinkMessage.CREATE | NetlinkMessage.REPLACE, route));
    }

    /** Does not replace a route to the same destination; says whether there was none. */
    boolean addIfAbsent(Route route) throws NetlinkException {
        try {
            socket.request(route(NEW_ROUTE, NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE, route));
            return true;
        } catch (NetlinkException present) {
            if (present.errno() == Libc.EEXIST) {
                return false;
            }
            throw present;
        }
    }

    void remove(Route route) throws NetlinkException {
        remove(route(DELETE_ROUTE, 0, route));
    }

    /** A family's rules of our priorities that lead to our tables; one may be there twice. */
    List<Rule> rules(int version) throws NetlinkException {
        List<Rule> rules = new ArrayList<>();
        NetlinkMessage ask = new NetlinkMessage(GET_RULE, NetlinkMessage.DUMP)
                .u8(family(version))
                .u8(0)
                .u16(0)
                .u32(0)
                .u32(0);
        for (NetlinkReply reply : socket.request(ask)) {
            Map<Integer, ByteBuffer> attributes = reply.attributes(ROUTE_HEADER_LENGTH);
            int priority = number(attributes, RULE_PRIORITY, 0);
            int table = table(reply);
            if (RoutingTables.isOurs(priority, table)) {
                ByteBuffer source = attributes.get(RULE_SOURCE);
                rules.add(new Rule(
                        priority,
                        (reply.body().getInt(8) & INVERTED) != 0,
                        number(attributes, RULE_MARK, 0),
                        source == null ? null : address(source, version),
                        table));
            }
        }
        return rules;
    }

    void add(int version, Rule rule) throws NetlinkException {
        try {
            socket.request(rule(NEW_RULE, NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE, version, rule));
        } catch (NetlinkException present) {
            if (present.errno() != Libc.EEXIST) {
                throw present;
            }
        }
    }

    void remove(int version, Rule rule) throws NetlinkException {
        remove(rule(DELETE_RULE, 0, version, rule));
    }

    private void remove(NetlinkMessage message) throws NetlinkException {
        try {
            socket.request(message);
        } catch (NetlinkException refused) {
            if (!GONE.contains(refused.errno())) {
                throw refused;
            }
        }
    }

    private static NetlinkMessage link(NetlinkMessage message, int index, int flags, int changed) {
        return message.u8(0).u8(0).u16(0).u32(index).u32(flags).u32(changed);
    }

    private static NetlinkMessage address(int type, int flags, int device, TunnelAddress address) {
        byte[] bytes = address.address().toBytes();
        return new NetlinkMessage(type, flags | NetlinkMessage.ACKNOWLEDGE)
                .u8(family(address.address().version()))
                .u8(address.length())
                .u8(NO_DUPLICATE_DETECTION)
                .u8(SCOPE_UNIVERSE)
                .u32(device)
                .attribute(ADDRESS_LOCAL, bytes)
                .attribute(ADDRESS_ADDRESS, bytes);
    }

    private static NetlinkMessage route(int type, int flags, Route route) {
        int version = route.destination().network().version();
        boolean leads = route.kind() == Route.Kind.DEVICE;
        NetlinkMessage message = new NetlinkMessage(type, flags | NetlinkMessage.ACKNOWLEDGE)
                .u8(family(version))
                .u8(route.destination().length())
                .u8(0)
                .u8(0)
                .u8(TABLE_IN_ATTRIBUTE)
                .u8(PROTOCOL_STATIC)
                .u8(leads && version == 4 ? SCOPE_LINK : SCOPE_UNIVERSE)
                .u8(route.kind().type())
                .u32(0)
                .attribute(ROUTE_DESTINATION, route.destination().network().toBytes())
                .attributeU32(ROUTE_TABLE, route.table());
        if (leads) {
            message.attributeU32(ROUTE_DEVICE, route.device());
        }
        if (route.metric() != 0) {
            message.attributeU32(ROUTE_METRIC, route.metric());
        }
        return message;
    }

    private static Route route(
            int version, int table, int type, NetlinkReply reply, Map<Integer, ByteBuffer> attributes) {
        int length = Byte.toUnsignedInt(reply.body().get(1));
        ByteBuffer destination = attributes.get(ROUTE_DESTINATION);
        IpAddress network = destination == null
                ? version == 4 ? IpAddress.ipv4(0) : IpAddress.ipv6(0, 0)
                : address(destination, version);
        int metric = number(attributes, ROUTE_METRIC, 0);
        Route.Kind kind = Route.Kind.of(type);
        return new Route(
                kind,
                new IpPrefix(network, length),
                table,
                kind == Route.Kind.DEVICE ? number(attributes, ROUTE_DEVICE, 0) : 0,
                version == 6 && metric == IPV6_METRIC ? 0 : metric);
    }

    private static NetlinkMessage rule(int type, int flags, int version, Rule rule) {
        IpAddress source = rule.source();
        NetlinkMessage message = new NetlinkMessage(type, flags | NetlinkMessage.ACKNOWLEDGE)
                .u8(family(version))
                .u8(0)
                .u8(source == null ? 0 : source.bitLength())
                .u8(0)
                .u8(TABLE_IN_ATTRIBUTE)
                .u8(0)
                .u8(0)
                .u8(ACTION_TO_TABLE)
                .u32(rule.inverted() ? INVERTED : 0)
                .attributeU32(RULE_PRIORITY, rule.priority())
                .attributeU32(RULE_TABLE, rule.table());
        if (rule.mark() != 0) {
            message.attributeU32(RULE_MARK, rule.mark());
        }
        if (source != null) {
            message.attribute(RULE_SOURCE, source.toBytes());
        }
        return message;
    }

    private static int family(int version) {
        return version == 4 ? Libc.AF_INET : Libc.AF_INET6;
    }

    private static int number(Map<Integer, ByteBuffer> attributes, int type, int absent) {
        ByteBuffer value = attributes.get(type);
        return value == null || value.limit() < 4 ? absent : value.getInt(0);
    }

    private static IpAddress address(ByteBuffer value, int version) {
        byte[] bytes = new byte[version == 4 ? 4 : 16];
        value.get(0, bytes);
        return IpAddress.read(bytes, 0, version);
    }
}
