package dev.sluice.datapath.portal;

import dev.sluice.channel.Frame;
import dev.sluice.channel.SluiceExtra;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The order of the portal's pushes. On a connection they are numbered without a gap, and the first is a snapshot; what is
 * missing is made good by another snapshot. Pushes without a number stand outside of it.
 */
final class StreamOrder {
    /** What a push is. */
    enum Place {
        NEXT,
        /** It was here before. */
        REPEATED,
        /** Something before it is missing. */
        GAP,
        /** The first of a portal whose database was restored. */
        NEW_EPOCH
    }

    private static final long NONE = Long.MIN_VALUE;

    private long epoch = NONE;
    private long sequence = NONE;
    private @Nullable String wanted;
    private long gaps;

    /** A connection begins, and the numbers with it; the epoch is the portal's, and stays. */
    void begin() {
        sequence = NONE;
        wanted = null;
    }

    /** Says what a push is, and counts it. */
    Place take(@Nullable SluiceExtra extra, boolean snapshot) {
        if (extra == null || extra.sequence() == null) {
            return Place.NEXT;
        }
        boolean anew = isNewEpoch(extra);
        if (!anew && sequence != NONE && extra.sequence() <= sequence) {
            return Place.REPEATED;
        }
        boolean gap = !snapshot && (sequence == NONE || extra.sequence() != sequence + 1);
        sequence = extra.sequence();
        if (snapshot) {
            wanted = null;
        } else if (anew) {
            wanted = Frame.NEW_EPOCH;
        } else if (gap) {
            gaps++;
            wanted = Frame.GAP;
        }
        return anew ? Place.NEW_EPOCH : gap ? Place.GAP : Place.NEXT;
    }

    /** Why a snapshot is wanted, if it is. */
    Optional<String> wanted() {
        return Optional.ofNullable(wanted);
    }

    /** How often something was missing. */
    long gaps() {
        return gaps;
    }

    private boolean isNewEpoch(SluiceExtra extra) {
        if (extra.epoch() == null || extra.epoch() == epoch) {
            return false;
        }
        boolean known = epoch != NONE;
        epoch = extra.epoch();
        return known;
    }
}
