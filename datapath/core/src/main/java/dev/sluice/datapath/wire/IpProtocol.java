package dev.sluice.datapath.wire;

/** Protocol numbers of the IPv4 protocol field and the IPv6 next header field that the data path knows (IANA). */
public final class IpProtocol {
    public static final int ICMP = 1;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int ICMPV6 = 58;
    public static final int NO_NEXT_HEADER = 59;

    static final int HOP_BY_HOP = 0;
    static final int ROUTING = 43;
    static final int FRAGMENT = 44;
    static final int AUTHENTICATION = 51;
    static final int DESTINATION_OPTIONS = 60;
    static final int MOBILITY = 135;
    static final int HOST_IDENTITY = 139;
    static final int SHIM6 = 140;

    private IpProtocol() {}
}
