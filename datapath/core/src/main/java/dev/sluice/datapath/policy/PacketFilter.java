package dev.sluice.datapath.policy;

import dev.sluice.channel.Filter;
import dev.sluice.channel.Filter.PortRange;
import dev.sluice.channel.Filter.Protocol;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.IpProtocol;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;

/**
 * A resource's filters, compiled once for many packets.
 *
 * <p>Without filters everything passes, whatever its protocol. With filters only what is listed does: TCP and UDP by
 * the resource's port, ICMP in all its types, and no other protocol. Asking allocates nothing.
 */
public final class PacketFilter {
    private static final PacketFilter PERMIT_ALL = new PacketFilter(true, PortRanges.ALL, PortRanges.ALL, true);

    private final boolean everything;
    private final PortRanges tcp;
    private final PortRanges udp;
    private final boolean icmp;

    private PacketFilter(boolean everything, PortRanges tcp, PortRanges udp, boolean icmp) {
        this.everything = everything;
        this.tcp = tcp;
        this.udp = udp;
        this.icmp = icmp;
    }

    public static PacketFilter compile(List<Filter> filters) {
        if (filters.isEmpty()) {
            return PERMIT_ALL;
        }
        boolean icmp = filters.stream().anyMatch(filter -> filter.protocol() == Protocol.ICMP);
        return new PacketFilter(false, ports(filters, Protocol.TCP), ports(filters, Protocol.UDP), icmp);
    }

    /** The filter of a resource that has none. */
    public static PacketFilter permitAll() {
        return PERMIT_ALL;
    }

    /** Whether a packet, wrapped and valid, may pass in {@code direction}. */
    public boolean permits(IpPacket packet, Direction direction) {
        if (everything) {
            return true;
        }
        return switch (packet.protocol()) {
            case IpProtocol.TCP -> tcp.contains(direction.resourcePort(packet));
            case IpProtocol.UDP -> udp.contains(direction.resourcePort(packet));
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> icmp;
            default -> false;
        };
    }

    /** What passes, for operators: {@code tcp:80,443 udp icmp}, or {@code everything}. */
    @Override
    public String toString() {
        if (everything) {
            return "everything";
        }
        StringJoiner passes = new StringJoiner(" ");
        add(passes, Protocol.TCP, tcp);
        add(passes, Protocol.UDP, udp);
        add(passes, Protocol.ICMP, icmp ? PortRanges.ALL : PortRanges.NONE);
        return passes.toString();
    }

    private static void add(StringJoiner passes, Protocol protocol, PortRanges ports) {
        if (ports != PortRanges.NONE) {
            passes.add(ports == PortRanges.ALL ? protocol.wire() : protocol.wire() + ":" + ports);
        }
    }

    private static PortRanges ports(List<Filter> filters, Protocol protocol) {
        List<Filter> ofProtocol =
                filters.stream().filter(filter -> filter.protocol() == protocol).toList();
        if (ofProtocol.isEmpty()) {
            return PortRanges.NONE;
        }
        List<PortRange> ranges =
                ofProtocol.stream().map(Filter::ports).filter(Objects::nonNull).toList();
        return ranges.size() < ofProtocol.size() ? PortRanges.ALL : PortRanges.of(ranges);
    }
}
