package dev.sluice.datapath.portal;

import org.jspecify.annotations.Nullable;

/**
 * What there is to know of the channel from outside.
 *
 * @param down why it is not up; null while it is, and before the first attempt ended
 * @param connections how often the channel came up
 * @param unknown frames of an event, topic or reply that this version does not know
 * @param malformed frames that are not what the wire allows
 * @param dropped messages given up because too many waited for the channel
 * @param gaps how often a push of the portal was missing, and a snapshot asked for
 */
public record ChannelStatus(
        State state,
        @Nullable PortalDown down,
        long connections,
        long unknown,
        long malformed,
        long dropped,
        long gaps) {
    /** The channel's life, in this order. */
    public enum State {
        /** Not started, or stopped. */
        STOPPED,
        /** The WebSocket handshake is under way. */
        CONNECTING,
        /** The WebSocket is open and the join not yet answered. */
        JOINING,
        /** Joined. */
        UP,
        /** Waiting for the next attempt. */
        WAITING,
        /** Waiting for a new token. */
        SIGNED_OUT
    }
}
