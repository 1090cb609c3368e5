package dev.sluice.datapath.io.netlink;

/**
 * How messages about nf_tables begin (linux/netfilter/nf_tables.h).
 *
 * <pre>
 *   struct nfgenmsg | family (1) | version (1) | resource (2, network's order) |  then attributes
 * </pre>
 */
public final class NfTables {
    public static final int SUBSYSTEM = 10;
    public static final int HEADER_LENGTH = 4;

    /** Families of tables: both versions of IP, or one. */
    public static final int INET = 1;

    public static final int IPV4 = 2;
    public static final int IPV6 = 10;

    private NfTables() {}

    /** A message of the subsystem about tables of {@code family}; 0 is every family. */
    public static NetlinkMessage message(int type, int flags, int family) {
        return new NetlinkMessage(type(type), flags).u8(family).u8(0).netU16(0);
    }

    /** As in a message's header. */
    public static int type(int type) {
        return SUBSYSTEM << 8 | type;
    }
}
