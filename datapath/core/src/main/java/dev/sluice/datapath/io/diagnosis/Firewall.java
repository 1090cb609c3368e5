package dev.sluice.datapath.io.diagnosis;

import dev.sluice.datapath.io.netlink.NetlinkException;
import dev.sluice.datapath.io.netlink.NetlinkMessage;
import dev.sluice.datapath.io.netlink.NetlinkReply;
import dev.sluice.datapath.io.netlink.NetlinkSocket;
import dev.sluice.datapath.io.netlink.NfTables;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the host's nf_tables hold that may stand in the way, by the names under which {@code nft list ruleset} shows it.
 * Sees what firewalld, ufw, Docker and the usual iptables put there, and not iptables-legacy.
 */
final class Firewall {
    private static final int NEW_CHAIN = 3;
    private static final int GET_CHAIN = 4;
    private static final int NEW_RULE = 6;
    private static final int GET_RULE = 7;
    private static final int TABLE = 1;
    private static final int CHAIN_NAME = 3;
    private static final int CHAIN_HOOK = 4;
    private static final int CHAIN_POLICY = 5;
    private static final int HOOK_NUMBER = 1;
    private static final int HOOK_FORWARD = 2;
    private static final int POLICY_DROP = 0;
    private static final int RULE_CHAIN = 2;
    private static final int RULE_EXPRESSIONS = 4;
    private static final int EXPRESSION_NAME = 1;
    private static final int EXPRESSION_DATA = 2;

    private static final int FIB_RESULT = 2;
    private static final int FIB_FLAGS = 3;
    private static final int FIB_INTERFACE_NAME = 2;
    private static final int FIB_OF_SOURCE = 0x1;
    private static final int FIB_BY_INPUT_INTERFACE = 0x8;

    private static final int MATCH_NAME = 1;
    private static final int MATCH_INFO = 3;
    private static final int RPFILTER_LOOSE = 0x1;

    private Firewall() {}

    /** Chains that forwarded packets of an IP version pass and that drop what no rule has accepted. */
    static List<String> droppingForwardChains(int version) {
        return dump(GET_CHAIN, reply -> isOf(version, reply) ? droppingForwardChain(reply) : null);
    }

    /** Chains that drop packets whose source's route leads elsewhere, as strict {@code rp_filter} does. */
    static List<String> strictReversePathChains(int version) {
        return dump(GET_RULE, reply -> isOf(version, reply) ? strictReversePathChain(reply) : null);
    }

    /** Each once; none where the kernel has no nf_tables or does not let us look. */
    private static List<String> dump(int ask, Function<NetlinkReply, @Nullable String> name) {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.NETFILTER)) {
            return socket.request(NfTables.message(ask, NetlinkMessage.DUMP, 0)).stream()
                    .filter(reply -> reply.type() == NfTables.type(ask == GET_CHAIN ? NEW_CHAIN : NEW_RULE))
                    .map(name)
                    .filter(Objects::nonNull)
                    .distinct()
                    .toList();
        } catch (NetlinkException unavailable) {
            return List.of();
        }
    }

    private static boolean isOf(int version, NetlinkReply reply) {
        int family = reply.body().get(0);
        return family == NfTables.INET || family == (version == 4 ? NfTables.IPV4 : NfTables.IPV6);
    }

    private static @Nullable String droppingForwardChain(NetlinkReply reply) {
        Map<Integer, ByteBuffer> chain = reply.attributes(NfTables.HEADER_LENGTH);
        ByteBuffer hook = chain.get(CHAIN_HOOK);
        boolean drops = hook != null
                && number(NetlinkReply.attributes(hook), HOOK_NUMBER) == HOOK_FORWARD
                && number(chain, CHAIN_POLICY) == POLICY_DROP;
        return drops ? name(chain, CHAIN_NAME, reply) : null;
    }

    private static @Nullable String strictReversePathChain(NetlinkReply reply) {
        Map<Integer, ByteBuffer> rule = reply.attributes(NfTables.HEADER_LENGTH);
        ByteBuffer expressions = rule.get(RULE_EXPRESSIONS);
        boolean strict = expressions != null
                && NetlinkReply.elements(expressions).stream()
                        .map(NetlinkReply::attributes)
                        .anyMatch(Firewall::isStrictReversePath);
        return strict ? name(rule, RULE_CHAIN, reply) : null;
    }

    /** {@code fib saddr … iif oif}, or iptables' rpfilter without {@code --loose}. */
    private static boolean isStrictReversePath(Map<Integer, ByteBuffer> expression) {
        ByteBuffer name = expression.get(EXPRESSION_NAME);
        ByteBuffer nested = expression.get(EXPRESSION_DATA);
        if (name == null || nested == null) {
            return false;
        }
        Map<Integer, ByteBuffer> data = NetlinkReply.attributes(nested);
        return switch (NetlinkReply.text(name)) {
            case "fib" -> {
                int result = number(data, FIB_RESULT);
                int flags = number(data, FIB_FLAGS);
                yield result > 0
                        && result <= FIB_INTERFACE_NAME
                        && (flags & FIB_OF_SOURCE) != 0
                        && (flags & FIB_BY_INPUT_INTERFACE) != 0;
            }
            case "match" -> {
                ByteBuffer match = data.get(MATCH_NAME);
                ByteBuffer info = data.get(MATCH_INFO);
                yield match != null
                        && NetlinkReply.text(match).equals("rpfilter")
                        && info != null
                        && (info.get(0) & RPFILTER_LOOSE) == 0;
            }
            default -> false;
        };
    }

    private static String name(Map<Integer, ByteBuffer> attributes, int chain, NetlinkReply reply) {
        String family = switch (reply.body().get(0)) {
            case NfTables.IPV4 -> "ip";
            case NfTables.IPV6 -> "ip6";
            default -> "inet";
        };
        return "chain " + text(attributes.get(chain)) + " of table " + family + " " + text(attributes.get(TABLE));
    }

    private static String text(@Nullable ByteBuffer value) {
        return value == null ? "?" : NetlinkReply.text(value);
    }

    /** −1 where there is none. */
    private static int number(Map<Integer, ByteBuffer> attributes, int type) {
        ByteBuffer value = attributes.get(type);
        return value == null || value.limit() < Integer.BYTES
                ? -1
                : value.duplicate().order(ByteOrder.BIG_ENDIAN).getInt(0);
    }
}
