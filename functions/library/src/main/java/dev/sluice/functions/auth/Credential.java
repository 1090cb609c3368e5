package dev.sluice.functions.auth;

import java.util.UUID;

/**
 * By what a device is here: its token, and which of the token's secrets it has shown.
 *
 * @param secretId what the device is granted ends with this secret
 */
public record Credential(UUID tokenId, UUID secretId) {}
