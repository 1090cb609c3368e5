package dev.sluice.datapath.connectivity;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * An address at which a device may be reached, as it travels through the portal (the candidate attribute of RFC 8839
 * §5.1, without {@code a=}):
 *
 * <pre>
 * candidate:&lt;foundation&gt; 1 udp &lt;priority&gt; &lt;ip&gt; &lt;port&gt; typ host|srflx|relay [raddr 0.0.0.0|:: rport 0] [name value]…
 * </pre>
 *
 * The related address is always zeroed: it would tell a peer more of our network than it needs.
 *
 * @param foundation opaque, 1 to 32 characters; equal for candidates of one kind and base
 * @param priority RFC 8445 §5.1.2, 1 to 2³¹ − 1
 * @param endpoint where the peer sends to
 * @param type the kind of address
 */
public record Candidate(String foundation, long priority, Endpoint endpoint, CandidateType type) {
    private static final int COMPONENT = 1;
    private static final int MANDATORY_FIELDS = 8;
    private static final int LONGEST_FOUNDATION = 32;
    private static final long HIGHEST_PRIORITY = Integer.MAX_VALUE;
    private static final String PREFIX = "candidate:";

    /**
     * Makes one of our own candidates.
     *
     * @param rank how many candidates of the same type and family are preferred to it
     */
    static Candidate local(CandidateType type, Endpoint endpoint, Endpoint base, int rank) {
        return new Candidate(foundation(type, base), priority(type, endpoint.address(), rank), endpoint, type);
    }

    /** The priority that a check from this candidate asks the peer to give it, should the peer not know it yet. */
    long peerReflexivePriority() {
        long localPreference = (priority >>> 8) & 0xffff;
        return (long) CandidateType.PEER_REFLEXIVE.preference() << 24 | localPreference << 8 | (256 - COMPONENT);
    }

    /** RFC 8445 §5.1.2.1; each family has its own ranks, and IPv6 goes before IPv4. */
    private static long priority(CandidateType type, IpAddress address, int rank) {
        int localPreference = type.firstLocalPreference() - (address.isIpv4() ? 1 : 0) - 2 * rank;
        return (long) type.preference() << 24 | (long) Math.max(localPreference, 0) << 8 | (256 - COMPONENT);
    }

    private static String foundation(CandidateType type, Endpoint base) {
        byte[] key = new byte[1 + base.address().byteLength()];
        key[0] = (byte) type.ordinal();
        base.address().write(key, 1);
        CRC32 checksum = new CRC32();
        checksum.update(key);
        return Long.toString(checksum.getValue());
    }

    /** The candidate's text, as {@link #parse} reads it. */
    public String format() {
        StringBuilder text = new StringBuilder(96)
                .append(PREFIX)
                .append(foundation)
                .append(' ')
                .append(COMPONENT)
                .append(" udp ")
                .append(priority)
                .append(' ')
                .append(endpoint.address())
                .append(' ')
                .append(endpoint.port())
                .append(" typ ")
                .append(type.code());
        if (type != CandidateType.HOST) {
            text.append(endpoint.address().version() == 4 ? " raddr 0.0.0.0" : " raddr ::")
                    .append(" rport 0");
        }
        return text.toString();
    }

    /**
     * Reads a candidate of a peer. Unknown extension attributes are skipped.
     *
     * @return null if it is malformed, not of UDP, or not an address that a peer can have
     */
    public static @Nullable Candidate parse(String text) {
        if (!text.startsWith(PREFIX)) {
            return null;
        }
        String[] fields = text.substring(PREFIX.length()).strip().split(" +", -1);
        if (fields.length < MANDATORY_FIELDS
                || fields[0].isEmpty()
                || fields[0].length() > LONGEST_FOUNDATION
                || number(fields[1], COMPONENT, COMPONENT) < 0
                || !fields[2].equalsIgnoreCase("udp")
                || !fields[6].equals("typ")) {
            return null;
        }
        long priority = number(fields[3], 1, HIGHEST_PRIORITY);
        int port = (int) number(fields[5], 1, 65_535);
        CandidateType type = CandidateType.of(fields[7]);
        IpAddress address = address(fields[4]);
        if (priority < 0 || port < 0 || type == null || address == null || !usable(address)) {
            return null;
        }
        return new Candidate(fields[0], priority, new Endpoint(address, port), type);
    }

    static boolean usable(IpAddress address) {
        return !address.isUnspecified()
                && !address.isMulticast()
                && !address.isBroadcast()
                && !(address.isIpv4() && address.isLinkLocal());
    }

    private static @Nullable IpAddress address(String text) {
        try {
            return IpAddress.parse(text);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    private static long number(String text, long lowest, long highest) {
        if (text.isEmpty() || text.length() > 10) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value < lowest || value > highest ? -1 : value;
    }
}
