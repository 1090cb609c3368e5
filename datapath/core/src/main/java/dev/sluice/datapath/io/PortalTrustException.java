package dev.sluice.datapath.io;

/** There are no certificates to check a portal's by. */
public final class PortalTrustException extends Exception {
    private static final long serialVersionUID = 1;

    public PortalTrustException(String message) {
        super(message);
    }
}
