package dev.sluice.datapath.io.route;

/** The host refused an address, a route or a rule; the message says what and what to do. */
public final class HostRoutesException extends Exception {
    private static final long serialVersionUID = 1;

    public HostRoutesException(String message) {
        super(message);
    }
}
