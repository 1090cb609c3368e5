package dev.sluice.datapath.wire;

import org.jspecify.annotations.Nullable;

/**
 * A view of an IPv4 or IPv6 packet in a byte array, checked once by {@link #wrap} and then read without allocation.
 *
 * <p>{@code wrap} follows the headers up to the transport: IPv4 options, an IPv4 or IPv6 authentication header, and
 * IPv6 extension headers (RFC 8200 §4). Of TCP, UDP and ICMP the header must be whole, and the lengths in it possible.
 * Bytes behind the packet's own length are ignored. Checksums are not looked at. An atomic fragment (RFC 6946) is a
 * whole packet.
 *
 * <p>Accessors are meaningful after {@link Status#VALID} and {@link Status#FIRST_FRAGMENT}; after {@link
 * Status#FRAGMENT} and {@link Status#SOURCE_ROUTED} those of the IP header are, and {@link #protocol} is that of the IP
 * header chain as far as it was followed. Mutable and for one thread: the owner keeps one and wraps packet after packet.
 */
public final class IpPacket {
    /** What {@link #wrap} found. Parts are for those who know what to do with them; the others drop all but {@code VALID}. */
    public enum Status {
        VALID(null),
        /** Some header or length contradicts another, or the bytes at hand. */
        MALFORMED(DropReason.MALFORMED),
        /** The first part of a larger packet, with the whole header of its transport. */
        FIRST_FRAGMENT(DropReason.FRAGMENT),
        /** A later part of a larger packet: who knows the first one may {@linkplain IpPacket#lend lend} it its ports. */
        FRAGMENT(DropReason.FRAGMENT),
        /** A source route: the destination address is not where the packet ends (RFC 5095, RFC 7126 §4.3). */
        SOURCE_ROUTED(DropReason.SOURCE_ROUTED);

        private final @Nullable DropReason reason;

        Status(@Nullable DropReason reason) {
            this.reason = reason;
        }

        /** Whether its form is no reason to drop it: a whole packet, or a part of one. */
        public boolean isPassable() {
            return this == VALID || this == FIRST_FRAGMENT || this == FRAGMENT;
        }

        /** What to count the packet as; not for {@code VALID}. */
        public DropReason dropReason() {
            if (reason == null) {
                throw new IllegalStateException("a valid packet is not dropped for its form");
            }
            return reason;
        }
    }

    /** The longest packet there is. */
    public static final int LONGEST = 65_535;

    private static final int OPTION_END = 0;
    private static final int OPTION_NO_OPERATION = 1;
    private static final int OPTION_LOOSE_SOURCE_ROUTE = 131;
    private static final int OPTION_STRICT_SOURCE_ROUTE = 137;

    private static final int FRAGMENT_OFFSET_AND_MORE_MASK = 0xfff9;
    private static final int FRAGMENT_OFFSET_MASK = 0xfff8;
    private static final int QUOTED_PORTS_LENGTH = 4;

    private byte[] buffer = new byte[0];
    private int offset;
    private int version;
    private int protocol;
    private int headerLength;
    private int totalLength;
    private boolean fragment;
    private boolean transportWhole;
    private int fragmentStart;
    private int fragmentOffset;
    private int fragmentIdentification;
    private boolean lent;
    private int lentPorts;
    private int lentIcmpType;
    private int segmentSize;

    /** Looks at the packet that starts at {@code offset} and has at most {@code length} bytes. */
    public Status wrap(byte[] buffer, int offset, int length) {
        return wrap(buffer, offset, length, false);
    }

    /**
     * As {@link #wrap}, for what may be a super-packet: what pretends to be one and cannot is malformed.
     *
     * @param segments the payload of each packet that it stands for; 0 if it is none
     */
    public Status wrap(byte[] buffer, int offset, int length, int segments) {
        Status status = wrap(buffer, offset, length, false);
        return segments == 0 || status == Status.VALID && segmentSize(segments) ? status : Status.MALFORMED;
    }

    /**
     * As {@link #wrap}, for what an ICMP error quotes: the packet may end early, but not before the ports or the echo
     * identifier. {@link #totalLength} is then what is there.
     */
    public Status wrapQuoted(byte[] buffer, int offset, int length) {
        return wrap(buffer, offset, length, true);
    }

    /**
     * Wraps what this ICMP error quotes. The first part of a larger packet is as good as a whole one here.
     *
     * @return {@code MALFORMED} if this is no ICMP error, or quotes too little
     */
    public Status embedded(IpPacket into) {
        if (!isIcmpError() || isLaterFragment()) {
            return Status.MALFORMED;
        }
        int start = transportOffset() + IcmpHeader.LENGTH;
        Status status = into.wrapQuoted(buffer, start, offset + totalLength - start);
        return status == Status.FIRST_FRAGMENT ? Status.VALID : status;
    }

    public byte[] buffer() {
        return buffer;
    }

    public int offset() {
        return offset;
    }

    /** 4 or 6. */
    public int version() {
        return version;
    }

    /** The transport's {@link IpProtocol}, behind all extension headers. */
    public int protocol() {
        return protocol;
    }

    /** Of the IP header with options, authentication and extension headers. */
    public int headerLength() {
        return headerLength;
    }

    /** Of the packet, headers and payload, as the IP header says. */
    public int totalLength() {
        return totalLength;
    }

    /** Where the transport's header starts in the buffer. */
    public int transportOffset() {
        return offset + headerLength;
    }

    /** The bytes from the transport's header to the end of the packet. */
    public int transportLength() {
        return totalLength - headerLength;
    }

    /** Of the transport's header with its options; 0 for other protocols than TCP and UDP. */
    public int transportHeaderLength() {
        if (isTcp()) {
            return TcpHeader.headerLength(buffer, transportOffset());
        }
        return isUdp() ? UdpHeader.LENGTH : 0;
    }

    /**
     * Says that this is a super-packet, which stands for several packets of one flow; the next {@code wrap} forgets it.
     *
     * @param payload bytes of payload in each of them but the last, which may have fewer
     * @return false, with nothing changed, if it cannot be one: not TCP or UDP, a part, or without so much payload
     */
    public boolean segmentSize(int payload) {
        boolean possible = payload > 0
                && !fragment
                && transportHeaderLength() > 0
                && transportLength() - transportHeaderLength() > payload;
        if (possible) {
            segmentSize = payload;
        }
        return possible;
    }

    /** The payload of each packet that a super-packet stands for; 0 if it is none. */
    public int segmentSize() {
        return segmentSize;
    }

    /** How many packets this stands for: 1 if it is no super-packet. */
    public int segments() {
        return segmentSize == 0 ? 1 : (transportLength() - transportHeaderLength() + segmentSize - 1) / segmentSize;
    }

    /** Where the source address stands in the buffer; the destination address follows it. */
    public int sourceOffset() {
        return offset + (version == 4 ? Ipv4Header.SOURCE_FIELD_OFFSET : Ipv6Header.SOURCE_FIELD_OFFSET);
    }

    public int destinationOffset() {
        return offset + (version == 4 ? Ipv4Header.DESTINATION_FIELD_OFFSET : Ipv6Header.DESTINATION_FIELD_OFFSET);
    }

    /** Allocates. */
    public IpAddress source() {
        return IpAddress.read(buffer, sourceOffset(), version);
    }

    /** Allocates. */
    public IpAddress destination() {
        return IpAddress.read(buffer, destinationOffset(), version);
    }

    public boolean isFrom(IpAddress address) {
        return address.version() == version && address.matches(buffer, sourceOffset());
    }

    public boolean isTo(IpAddress address) {
        return address.version() == version && address.matches(buffer, destinationOffset());
    }

    /** To a multicast address, or to 255.255.255.255. */
    public boolean isToMulticast() {
        int start = destinationOffset();
        return version == 4
                ? NetworkOrder.unsignedByte(buffer, start) >>> 4 == 0xe || NetworkOrder.getInt(buffer, start) == -1
                : NetworkOrder.unsignedByte(buffer, start) == 0xff;
    }

    public boolean isFragment() {
        return fragment;
    }

    /** Whether this part has no transport header of its own. */
    public boolean isLaterFragment() {
        return fragment && fragmentOffset != 0;
    }

    /** Where the part begins in the whole, in bytes. */
    public int fragmentOffset() {
        return fragmentOffset;
    }

    /** How much of the whole it is, in bytes. */
    public int fragmentLength() {
        return offset + totalLength - fragmentStart;
    }

    /** What the parts of a packet have in common, beside the addresses. */
    public int fragmentIdentification() {
        return fragmentIdentification;
    }

    /** What tells flows between two hosts apart: both ports, or the identifier of ICMP. To be {@linkplain #lend lent}. */
    public int flowPorts() {
        return isIcmp() ? icmpIdentifier() : sourcePort() << 16 | destinationPort();
    }

    /** Gives a later part what its first one says of the flow. */
    public void lend(int transport, int flowPorts, int type) {
        lent = true;
        protocol = transport;
        lentPorts = flowPorts;
        lentIcmpType = type;
    }

    public boolean isTcp() {
        return protocol == IpProtocol.TCP;
    }

    public boolean isUdp() {
        return protocol == IpProtocol.UDP;
    }

    /** ICMP in IPv4 or ICMPv6 in IPv6: the crossed forms do not pass {@link #wrap}. */
    public boolean isIcmp() {
        return protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6;
    }

    /** TCP's or UDP's; 0 for other protocols. */
    public int sourcePort() {
        if (lent) {
            return isTcp() || isUdp() ? lentPorts >>> 16 : 0;
        }
        return isTcp() || isUdp() ? NetworkOrder.unsignedShort(buffer, transportOffset()) : 0;
    }

    /** TCP's or UDP's; 0 for other protocols. */
    public int destinationPort() {
        if (lent) {
            return isTcp() || isUdp() ? lentPorts & 0xffff : 0;
        }
        return isTcp() || isUdp() ? NetworkOrder.unsignedShort(buffer, transportOffset() + 2) : 0;
    }

    /** −1 if this is not ICMP. */
    public int icmpType() {
        if (lent) {
            return lentIcmpType;
        }
        return isIcmp() ? IcmpHeader.type(buffer, transportOffset()) : -1;
    }

    /** Of an echo and its like. */
    public int icmpIdentifier() {
        return lent ? lentPorts : IcmpHeader.identifier(buffer, transportOffset());
    }

    /** −1 if this is not ICMP. */
    public int icmpCode() {
        return isIcmp() ? IcmpHeader.code(buffer, transportOffset()) : -1;
    }

    public boolean isIcmpError() {
        return isIcmp() && IcmpHeader.isError(version, icmpType());
    }

    /** "Administratively prohibited": IPv4 3/13, IPv6 1/1. The answer to a packet without a grant. */
    public boolean isIcmpProhibited() {
        return version == 4
                ? icmpType() == IcmpHeader.DESTINATION_UNREACHABLE && icmpCode() == IcmpHeader.CODE_PROHIBITED
                : icmpType() == IcmpHeader.V6_DESTINATION_UNREACHABLE && icmpCode() == IcmpHeader.V6_CODE_PROHIBITED;
    }

    public boolean isEchoRequest() {
        return icmpType() == (version == 4 ? IcmpHeader.ECHO_REQUEST : IcmpHeader.V6_ECHO_REQUEST);
    }

    public boolean isEchoReply() {
        return icmpType() == (version == 4 ? IcmpHeader.ECHO_REPLY : IcmpHeader.V6_ECHO_REPLY);
    }

    /** The flags of {@link TcpHeader}; 0 if this is not TCP, or quoted without them. */
    public int tcpFlags() {
        return isTcp() && transportWhole && !lent ? TcpHeader.flags(buffer, transportOffset()) : 0;
    }

    /** The first packet of a TCP connection: SYN without ACK. */
    public boolean isTcpSyn() {
        return (tcpFlags() & (TcpHeader.SYN | TcpHeader.ACK)) == TcpHeader.SYN;
    }

    private Status wrap(byte[] buffer, int offset, int length, boolean quoted) {
        this.buffer = buffer;
        this.offset = offset;
        this.fragment = false;
        this.fragmentOffset = 0;
        this.segmentSize = 0;
        this.lent = false;
        this.transportWhole = false;
        this.version = length < 1 ? 0 : NetworkOrder.unsignedByte(buffer, offset) >>> 4;
        Status status = switch (version) {
            case 4 -> wrapIpv4(length, quoted);
            case 6 -> wrapIpv6(length, quoted);
            default -> Status.MALFORMED;
        };
        if (status != Status.VALID) {
            return status;
        }
        status = checkTransport(quoted);
        return status == Status.VALID && fragment ? Status.FIRST_FRAGMENT : status;
    }

    private Status wrapIpv4(int length, boolean quoted) {
        if (length < Ipv4Header.MIN_LENGTH) {
            return Status.MALFORMED;
        }
        headerLength = Ipv4Header.headerLength(buffer, offset);
        totalLength = Ipv4Header.totalLength(buffer, offset);
        if (quoted) {
            totalLength = Math.min(totalLength, length);
        }
        if (headerLength < Ipv4Header.MIN_LENGTH || totalLength < headerLength || totalLength > length) {
            return Status.MALFORMED;
        }
        protocol = Ipv4Header.protocol(buffer, offset);
        fragment = Ipv4Header.isFragment(buffer, offset);
        Status options = headerLength == Ipv4Header.MIN_LENGTH ? Status.VALID : checkOptions();
        if (options != Status.VALID) {
            return options;
        }
        if (fragment) {
            fragmentStart = offset + headerLength;
            fragmentOffset = Ipv4Header.fragmentOffset(buffer, offset);
            fragmentIdentification = Ipv4Header.identification(buffer, offset);
            if (fragmentOffset != 0) {
                return Status.FRAGMENT;
            }
        }
        while (protocol == IpProtocol.AUTHENTICATION) {
            if (!skipAuthentication()) {
                return Status.MALFORMED;
            }
        }
        return Status.VALID;
    }

    private Status checkOptions() {
        int position = offset + Ipv4Header.MIN_LENGTH;
        int end = offset + headerLength;
        while (position < end) {
            int option = NetworkOrder.unsignedByte(buffer, position);
            if (option == OPTION_END) {
                return Status.VALID;
            }
            if (option == OPTION_NO_OPERATION) {
                position++;
                continue;
            }
            if (option == OPTION_LOOSE_SOURCE_ROUTE || option == OPTION_STRICT_SOURCE_ROUTE) {
                return Status.SOURCE_ROUTED;
            }
            int optionLength = position + 1 < end ? NetworkOrder.unsignedByte(buffer, position + 1) : 0;
            if (optionLength < 2 || position + optionLength > end) {
                return Status.MALFORMED;
            }
            position += optionLength;
        }
        return Status.VALID;
    }

    private Status wrapIpv6(int length, boolean quoted) {
        if (length < Ipv6Header.LENGTH) {
            return Status.MALFORMED;
        }
        headerLength = Ipv6Header.LENGTH;
        totalLength = Ipv6Header.LENGTH + Ipv6Header.payloadLength(buffer, offset);
        if (quoted) {
            totalLength = Math.min(totalLength, length);
        }
        if (totalLength > length) {
            return Status.MALFORMED;
        }
        protocol = Ipv6Header.nextHeader(buffer, offset);
        while (true) {
            switch (protocol) {
                case IpProtocol.HOP_BY_HOP,
                        IpProtocol.DESTINATION_OPTIONS,
                        IpProtocol.MOBILITY,
                        IpProtocol.HOST_IDENTITY,
                        IpProtocol.SHIM6 -> {
                    if (!skipExtension()) {
                        return Status.MALFORMED;
                    }
                }
                case IpProtocol.ROUTING -> {
                    int start = transportOffset();
                    if (!skipExtension()) {
                        return Status.MALFORMED;
                    }
                    boolean segmentsLeft = buffer[start + 3] != 0;
                    if (segmentsLeft) {
                        return Status.SOURCE_ROUTED;
                    }
                }
                case IpProtocol.AUTHENTICATION -> {
                    if (!skipAuthentication()) {
                        return Status.MALFORMED;
                    }
                }
                case IpProtocol.FRAGMENT -> {
                    int start = transportOffset();
                    if (!skip(8)) {
                        return Status.MALFORMED;
                    }
                    int position = NetworkOrder.unsignedShort(buffer, start + 2);
                    if ((position & FRAGMENT_OFFSET_AND_MORE_MASK) != 0) {
                        fragment = true;
                        fragmentStart = transportOffset();
                        fragmentOffset = position & FRAGMENT_OFFSET_MASK;
                        fragmentIdentification = NetworkOrder.getInt(buffer, start + 4);
                    }
                    if (fragmentOffset != 0) {
                        return Status.FRAGMENT;
                    }
                }
                default -> {
                    return Status.VALID;
                }
            }
        }
    }

    /** Length in units of 8 bytes, not counting the first (RFC 8200 §4.3). */
    private boolean skipExtension() {
        return transportLength() >= 8 && skip((NetworkOrder.unsignedByte(buffer, transportOffset() + 1) + 1) * 8);
    }

    /** Length in units of 4 bytes, minus 2 (RFC 4302 §2.2). */
    private boolean skipAuthentication() {
        return transportLength() >= 12 && skip((NetworkOrder.unsignedByte(buffer, transportOffset() + 1) + 2) * 4);
    }

    private boolean skip(int extensionLength) {
        if (extensionLength > transportLength()) {
            return false;
        }
        protocol = NetworkOrder.unsignedByte(buffer, transportOffset());
        headerLength += extensionLength;
        return true;
    }

    private Status checkTransport(boolean quoted) {
        int available = transportLength();
        boolean valid = switch (protocol) {
            case IpProtocol.TCP -> {
                transportWhole = available >= TcpHeader.MIN_LENGTH;
                yield quoted ? available >= QUOTED_PORTS_LENGTH : transportWhole && isTcpLengthPossible();
            }
            case IpProtocol.UDP -> {
                transportWhole = available >= UdpHeader.LENGTH;
                yield quoted ? available >= QUOTED_PORTS_LENGTH : transportWhole && isUdpLengthPossible();
            }
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> {
                transportWhole = available >= IcmpHeader.LENGTH;
                yield transportWhole && (protocol == IpProtocol.ICMP) == (version == 4);
            }
            default -> true;
        };
        return valid ? Status.VALID : Status.MALFORMED;
    }

    private boolean isTcpLengthPossible() {
        int tcpHeaderLength = TcpHeader.headerLength(buffer, transportOffset());
        return tcpHeaderLength >= TcpHeader.MIN_LENGTH && tcpHeaderLength <= transportLength();
    }

    private boolean isUdpLengthPossible() {
        int udpLength = UdpHeader.length(buffer, transportOffset());
        return udpLength >= UdpHeader.LENGTH && (fragment || udpLength <= transportLength());
    }
}
