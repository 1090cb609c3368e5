package dev.sluice.datapath.wireguard;

/** A configuration file that cannot be used; the message names the line and says what to do, and contains no key. */
public final class WireGuardConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    WireGuardConfigException(String message) {
        super(message);
    }

    WireGuardConfigException(int line, String message) {
        super("line " + line + ": " + message);
    }
}
