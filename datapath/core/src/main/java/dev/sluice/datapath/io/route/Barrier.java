package dev.sluice.datapath.io.route;

import dev.sluice.datapath.io.Libc;
import dev.sluice.datapath.io.netlink.NetlinkException;
import dev.sluice.datapath.io.netlink.NetlinkMessage;
import dev.sluice.datapath.io.netlink.NetlinkReply;
import dev.sluice.datapath.io.netlink.NetlinkSocket;
import dev.sluice.datapath.io.netlink.NfTables;
import dev.sluice.datapath.wire.IpPrefix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What no rule or route can lead past: a table of nf_tables that drops and counts every packet to what belongs into the
 * tunnel and is about to leave by another interface, whether this host sends it or forwards it. Only the tunnel's own
 * datagrams, which bear its mark, may go there. Like the unreachable routes it stays when the process is killed.
 *
 * <pre>
 *   table inet sluice-DEVICE {
 *     chain postrouting { type filter hook postrouting priority -200
 *       meta mark MARK accept
 *       oifname { "lo", "sluice*", DEVICE } accept
 *       ip daddr @links4 accept;  ip6 daddr @links6 accept
 *       ip daddr @tunnel4 counter drop;  ip6 daddr @tunnel6 counter drop
 *     }
 *   }
 * </pre>
 */
final class Barrier implements AutoCloseable {
    static final int DELETE_TABLE = 2;
    static final int NEWS = 7;
    static final int TABLE_NAME = 1;

    static final String TABLE_PREFIX = "sluice-";
    private static final String DEVICE_PREFIX = "sluice";
    private static final String CHAIN = "postrouting";
    private static final String COUNTER = "stopped";

    private static final int BATCH_BEGIN = 0x10;
    private static final int BATCH_END = 0x11;
    private static final int NEW_TABLE = 0;
    private static final int GET_TABLE = 1;
    private static final int NEW_CHAIN = 3;
    private static final int NEW_RULE = 6;
    private static final int NEW_SET = 9;
    private static final int NEW_SET_ELEMENT = 12;
    private static final int NEW_OBJECT = 18;
    private static final int GET_OBJECT = 19;

    private static final int HOOK_POSTROUTING = 4;
    private static final int PRIORITY = -200;
    private static final int OBJECT_COUNTER = 1;
    private static final int SET_INTERVAL = 0x4;
    private static final int ELEMENT_END = 0x1;
    private static final int KEY_IPV4_ADDRESS = 7;
    private static final int KEY_IPV6_ADDRESS = 8;
    private static final int ELEMENTS_OF_A_MESSAGE = 500;
    private static final int LIST_ELEMENT = 1;

    private static final int META_MARK = 3;
    private static final int META_OUTPUT_NAME = 7;
    private static final int META_FAMILY = 15;
    private static final int NETWORK_HEADER = 1;
    private static final int REGISTER = 1;
    private static final int DROP = 0;
    private static final int ACCEPT = 1;
    private static final int NAME_LENGTH = 16;

    /** What every host sends on its links, and no tunnel takes. */
    private static final List<IpPrefix> LINKS_IPV4 = List.of(
            IpPrefix.parse("224.0.0.0/4"), IpPrefix.parse("255.255.255.255/32"), IpPrefix.parse("169.254.0.0/16"));

    private static final List<IpPrefix> LINKS_IPV6 = List.of(IpPrefix.parse("ff00::/8"), IpPrefix.parse("fe80::/10"));

    private final NetlinkSocket socket;
    private final String device;
    private final int mark;
    private long stoppedBefore;

    private Barrier(NetlinkSocket socket, String device, int mark) {
        this.socket = socket;
        this.device = device;
        this.mark = mark;
    }

    /** @throws NetlinkException where the kernel has no nf_tables, or the process may not use it */
    static Barrier open(String device, int mark) throws NetlinkException {
        NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.NETFILTER);
        Barrier barrier = new Barrier(socket, device, mark);
        try {
            barrier.tables();
            return barrier;
        } catch (NetlinkException absent) {
            socket.close();
            throw absent;
        }
    }

    /** The device that a table of this name is for, empty if it is nobody's of us. */
    static String deviceOf(String table) {
        return table.startsWith(TABLE_PREFIX) ? table.substring(TABLE_PREFIX.length()) : "";
    }

    int port() {
        return socket.port();
    }

    /**
     * Replaces what is kept in, in one transaction.
     *
     * @param ipv4 what belongs into the tunnel
     * @param ipv6 the same; nothing of either takes the barrier away
     */
    void set(List<AddressRange> ipv4, List<AddressRange> ipv6) throws NetlinkException {
        stoppedBefore = stopped();
        if (ipv4.isEmpty() && ipv6.isEmpty()) {
            removeTable(table());
            return;
        }
        List<NetlinkMessage> batch = new ArrayList<>();
        batch.add(batch(BATCH_BEGIN));
        batch.add(named(NEW_TABLE, NetlinkMessage.CREATE));
        batch.add(named(DELETE_TABLE, 0));
        batch.add(named(NEW_TABLE, NetlinkMessage.CREATE));
        NetlinkMessage counter = named(NEW_OBJECT, NetlinkMessage.CREATE)
                .attributeText(2, COUNTER)
                .attributeNetU32(3, OBJECT_COUNTER);
        batch.add(counter.end(counter.nest(4)));
        fill("tunnel4", 4, ipv4, batch);
        fill("tunnel6", 6, ipv6, batch);
        fill("links4", 4, AddressRange.of(LINKS_IPV4, List.of()), batch);
        fill("links6", 6, AddressRange.of(LINKS_IPV6, List.of()), batch);
        NetlinkMessage chain = named(NEW_CHAIN, NetlinkMessage.CREATE).attributeText(3, CHAIN);
        int hook = chain.nest(4);
        chain.attributeNetU32(1, HOOK_POSTROUTING).attributeNetU32(2, PRIORITY).end(hook);
        batch.add(chain.attributeNetU32(5, ACCEPT).attributeText(7, "filter"));
        batch.add(new Expressions().meta(META_MARK).equalTo(host(mark)).verdict(ACCEPT));
        batch.add(new Expressions()
                .meta(META_OUTPUT_NAME)
                .equalTo(name("lo", NAME_LENGTH))
                .verdict(ACCEPT));
        batch.add(new Expressions()
                .meta(META_OUTPUT_NAME)
                .equalTo(name(DEVICE_PREFIX, DEVICE_PREFIX.length()))
                .verdict(ACCEPT));
        batch.add(new Expressions()
                .meta(META_OUTPUT_NAME)
                .equalTo(name(device, NAME_LENGTH))
                .verdict(ACCEPT));
        for (int version : new int[] {4, 6}) {
            batch.add(
                    new Expressions().destination(version).in("links" + version).verdict(ACCEPT));
        }
        batch.add(new Expressions().destination(4).in("tunnel4").count().verdict(DROP));
        batch.add(new Expressions(NetlinkMessage.ACKNOWLEDGE)
                .destination(6)
                .in("tunnel6")
                .count()
                .verdict(DROP));
        batch.add(batch(BATCH_END));
        socket.transact(batch);
    }

    /** Whether our table is there. */
    boolean stands() throws NetlinkException {
        return tables().contains(table());
    }

    /** The packets that it kept from leaving. */
    long stopped() throws NetlinkException {
        NetlinkMessage ask = message(GET_OBJECT, NetlinkMessage.ACKNOWLEDGE)
                .attributeText(1, table())
                .attributeText(2, COUNTER)
                .attributeNetU32(3, OBJECT_COUNTER);
        try {
            for (NetlinkReply reply : socket.request(ask)) {
                ByteBuffer data = reply.attributes(NfTables.HEADER_LENGTH).get(4);
                ByteBuffer packets =
                        data == null ? null : NetlinkReply.attributes(data).get(2);
                if (packets != null) {
                    return stoppedBefore + packets.order(ByteOrder.BIG_ENDIAN).getLong(0);
                }
            }
        } catch (NetlinkException absent) {
            if (absent.errno() != Libc.ENOENT) {
                throw absent;
            }
        }
        return stoppedBefore;
    }

    /** The clean end. */
    void remove() throws NetlinkException {
        removeTable(table());
    }

    /** Removes what killed processes left, of devices that are no more. */
    void removeLeftOvers(Collection<String> devices) throws NetlinkException {
        for (String left : tables()) {
            if (!devices.contains(deviceOf(left)) && !left.equals(table())) {
                removeTable(left);
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    /** The names of tables like ours. */
    private List<String> tables() throws NetlinkException {
        List<String> names = new ArrayList<>();
        for (NetlinkReply reply : socket.request(message(GET_TABLE, NetlinkMessage.DUMP))) {
            String name = name(reply);
            if (!deviceOf(name).isEmpty()) {
                names.add(name);
            }
        }
        return names;
    }

    /** The table that a message is about. */
    static String name(NetlinkReply reply) {
        ByteBuffer name = reply.attributes(NfTables.HEADER_LENGTH).get(TABLE_NAME);
        return name == null ? "" : NetlinkReply.text(name);
    }

    private void removeTable(String name) throws NetlinkException {
        List<NetlinkMessage> batch = List.of(
                batch(BATCH_BEGIN),
                message(NEW_TABLE, NetlinkMessage.CREATE).attributeText(TABLE_NAME, name),
                message(DELETE_TABLE, NetlinkMessage.ACKNOWLEDGE).attributeText(TABLE_NAME, name),
                batch(BATCH_END));
        socket.transact(batch);
    }

    private void fill(String set, int version, List<AddressRange> ranges, List<NetlinkMessage> batch) {
        int length = version == 4 ? 4 : 16;
        batch.add(named(NEW_SET, NetlinkMessage.CREATE)
                .attributeText(2, set)
                .attributeNetU32(3, SET_INTERVAL)
                .attributeNetU32(4, version == 4 ? KEY_IPV4_ADDRESS : KEY_IPV6_ADDRESS)
                .attributeNetU32(5, length)
                .attributeNetU32(10, batch.size()));
        for (int from = 0; from < ranges.size(); from += ELEMENTS_OF_A_MESSAGE) {
            NetlinkMessage elements =
                    named(NEW_SET_ELEMENT, NetlinkMessage.CREATE).attributeText(2, set);
            int list = elements.nest(3);
            for (AddressRange range : ranges.subList(from, Math.min(ranges.size(), from + ELEMENTS_OF_A_MESSAGE))) {
                element(elements, AddressRange.bytes(range.first(), length), 0);
                if (!range.isOpen(length)) {
                    element(elements, AddressRange.bytes(range.end(), length), ELEMENT_END);
                }
            }
            batch.add(elements.end(list));
        }
    }

    private static void element(NetlinkMessage message, byte[] key, int flags) {
        int element = message.nest(LIST_ELEMENT);
        if (flags != 0) {
            message.attributeNetU32(3, flags);
        }
        int keyStart = message.nest(1);
        message.attribute(1, key).end(keyStart).end(element);
    }

    private String table() {
        return TABLE_PREFIX + device;
    }

    /** About our table: its name is the first attribute of every kind of message. */
    private NetlinkMessage named(int type, int flags) {
        return message(type, flags).attributeText(TABLE_NAME, table());
    }

    private static NetlinkMessage message(int type, int flags) {
        return NfTables.message(type, flags, NfTables.INET);
    }

    private static NetlinkMessage batch(int type) {
        return new NetlinkMessage(type, 0).u8(0).u8(0).netU16(NfTables.SUBSYSTEM);
    }

    private static byte[] host(int number) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(number)
                .array();
    }

    private static byte[] name(String text, int length) {
        return Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), length);
    }

    /** A rule of the chain: its expressions, one after the other (linux/netfilter/nf_tables.h). */
    private final class Expressions {
        private final NetlinkMessage message;
        private final int list;

        Expressions() {
            this(0);
        }

        Expressions(int flags) {
            message = named(NEW_RULE, NetlinkMessage.CREATE | NetlinkMessage.APPEND | flags)
                    .attributeText(2, CHAIN);
            list = message.nest(4);
        }

        Expressions meta(int key) {
            return expression("meta", Map.of(1, REGISTER, 2, key));
        }

        /** The destination address of a packet of this family. */
        Expressions destination(int version) {
            int family = version == 4 ? Libc.AF_INET : Libc.AF_INET6;
            int offset = version == 4 ? 16 : 24;
            return meta(META_FAMILY)
                    .equalTo((byte) family)
                    .expression("payload", Map.of(1, REGISTER, 2, NETWORK_HEADER, 3, offset, 4, version == 4 ? 4 : 16));
        }

        Expressions equalTo(byte... value) {
            int element = message.nest(LIST_ELEMENT);
            message.attributeText(1, "cmp");
            int data = message.nest(2);
            message.attributeNetU32(1, REGISTER).attributeNetU32(2, 0);
            int wrapped = message.nest(3);
            message.attribute(1, value).end(wrapped).end(data).end(element);
            return this;
        }

        Expressions in(String set) {
            int element = message.nest(LIST_ELEMENT);
            message.attributeText(1, "lookup");
            int data = message.nest(2);
            message.attributeText(1, set).attributeNetU32(2, REGISTER).end(data).end(element);
            return this;
        }

        Expressions count() {
            int element = message.nest(LIST_ELEMENT);
            message.attributeText(1, "objref");
            int data = message.nest(2);
            message.attributeNetU32(1, OBJECT_COUNTER)
                    .attributeText(2, COUNTER)
                    .end(data)
                    .end(element);
            return this;
        }

        NetlinkMessage verdict(int code) {
            int element = message.nest(LIST_ELEMENT);
            message.attributeText(1, "immediate");
            int data = message.nest(2);
            message.attributeNetU32(1, 0);
            int wrapped = message.nest(2);
            int verdict = message.nest(2);
            return message.attributeNetU32(1, code)
                    .end(verdict)
                    .end(wrapped)
                    .end(data)
                    .end(element)
                    .end(list);
        }

        private Expressions expression(String name, Map<Integer, Integer> numbers) {
            int element = message.nest(LIST_ELEMENT);
            message.attributeText(1, name);
            int data = message.nest(2);
            numbers.forEach(message::attributeNetU32);
            message.end(data).end(element);
            return this;
        }
    }
}
