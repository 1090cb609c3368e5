package dev.sluice.channel;

/**
 * What a device holds may not be what it was told: it asks for the whole, which comes as {@code init}. Our own devices do.
 *
 * @param reason {@link Frame#GAP}, {@link Frame#NEW_EPOCH} or {@link Frame#DRIFT}
 */
public record SnapshotRequest(String reason) implements ClientToPortal, GatewayToPortal {}
