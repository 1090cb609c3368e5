package dev.sluice.channel;

import java.time.Instant;
import java.util.UUID;

/**
 * A TURN server that a peer may use; one that has two addresses is two relays with one id.
 *
 * @param address {@code 203.0.113.101:3478} or {@code [203:0:113::101]:3478}
 */
public record Relay(UUID id, String address, String username, Secret password, Instant expiresAt) {}
