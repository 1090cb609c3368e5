package dev.sluice.datapath.io;

/** A TUN device cannot be had; the message says why and what to do. */
public final class TunUnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    public TunUnavailableException(String message) {
        super(message);
    }
}
