package dev.sluice.datapath.client;

/**
 * What of the client can be switched.
 *
 * @param reauthorizeOnProhibited whether an ICMP "prohibited" from a gateway, or its leaving, makes the client ask for the
 *     resource again
 */
public record ClientFeatures(boolean reauthorizeOnProhibited) {
    /** All features in their default. */
    public static ClientFeatures standard() {
        return new ClientFeatures(true);
    }
}
