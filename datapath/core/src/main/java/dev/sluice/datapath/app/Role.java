package dev.sluice.datapath.app;

import java.util.Locale;

/** What a device is to the portal, with what differs by it. */
public enum Role {
    CLIENT("headless-client", "1.5.4", 13020),
    GATEWAY("gateway", "1.4.17", 13010);

    private final String component;
    private final String version;
    private final int statusPort;

    Role(String component, String version, int statusPort) {
        this.component = component;
        this.version = version;
        this.statusPort = statusPort;
    }

    /** The channel's topic, the first part of the socket's path and the word on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The component that peers know from the User-Agent. */
    public String component() {
        return component;
    }

    /** The version whose wire this role speaks. */
    public String version() {
        return version;
    }

    /** Where status and metrics are served on 127.0.0.1 unless configured. */
    public int statusPort() {
        return statusPort;
    }
}
