package dev.sluice.channel;

/** One side's ICE user name and password (RFC 8445 section 5.3). */
public record IceCredentials(String username, Secret password) {}
