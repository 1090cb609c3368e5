package dev.sluice.datapath.portal;

import dev.sluice.channel.Detail;
import dev.sluice.channel.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Why there is no channel to the portal just now.
 *
 * @param detail the typed reason, where the portal gave one
 */
public record PortalDown(Cause cause, @Nullable Detail detail) {
    /** What ended the channel or the attempt. */
    public enum Cause {
        /** No connection, or it broke. Retried. */
        UNREACHABLE,
        /** The portal answered the handshake with an error other than 401. Retried. */
        REFUSED,
        /** The portal accepted the connection and did not answer the join or three heartbeats. Retried. */
        SILENT,
        /** The portal ended the channel in order. Retried at once. */
        CLOSED,
        /** The token is no longer valid. Retried only with a new token. */
        SIGNED_OUT
    }

    static PortalDown of(Cause cause) {
        return new PortalDown(cause, null);
    }

    /** Whether the portal said that all access of the account has ended, whoever comes with which token. */
    public boolean suspended() {
        return detail != null && detail.reason() == Reason.ACCOUNT_DISABLED;
    }

    /** Whether only a new token helps. */
    public boolean signedOut() {
        return cause == Cause.SIGNED_OUT;
    }
}
