package dev.sluice.datapath.wire;

/** The STUN attributes that are read and written (RFC 8489 §14, RFC 8445 §16.1), by type. */
public final class StunAttribute {
    public static final int USERNAME = 0x0006;
    public static final int MESSAGE_INTEGRITY = 0x0008;
    public static final int ERROR_CODE = 0x0009;
    public static final int UNKNOWN_ATTRIBUTES = 0x000a;
    public static final int XOR_MAPPED_ADDRESS = 0x0020;
    public static final int PRIORITY = 0x0024;
    public static final int USE_CANDIDATE = 0x0025;
    public static final int FINGERPRINT = 0x8028;
    public static final int ICE_CONTROLLED = 0x8029;
    public static final int ICE_CONTROLLING = 0x802a;

    /** The longest USERNAME in bytes (RFC 8489 §14.3: fewer than 509). */
    public static final int LONGEST_USERNAME = 508;

    static final int HEADER_LENGTH = 4;
    static final int ALIGNMENT = 4;
    static final int FIRST_OPTIONAL = 0x8000;
    static final int FAMILY_IPV4 = 1;
    static final int FAMILY_IPV6 = 2;
    static final int FINGERPRINT_XOR = 0x5354_554e;

    private StunAttribute() {}

    static int padded(int length) {
        return (length + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
