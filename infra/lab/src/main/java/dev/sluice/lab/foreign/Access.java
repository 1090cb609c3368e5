package dev.sluice.lab.foreign;

/** What one client may do through one gateway, by the portal's ids of client and resource, and the gateway's own. */
public record Access(String gateway, String client, String resource) {}
