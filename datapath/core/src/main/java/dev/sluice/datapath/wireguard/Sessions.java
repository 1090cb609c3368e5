package dev.sluice.datapath.wireguard;

import org.jspecify.annotations.Nullable;

/**
 * The sessions of a peer: previous, current and next (paper, §6). What is sent goes through the current one; what is
 * received may belong to any. A responder's new session waits as the next one until the first packet on it shows that
 * the initiator has the keys. Nothing ever goes back to an older session.
 */
final class Sessions {
    private @Nullable Session previous;
    private @Nullable Session current;
    private @Nullable Session next;

    @Nullable Session current() {
        return current;
    }

    @Nullable Session find(int localIndex) {
        if (current != null && current.localIndex() == localIndex) {
            return current;
        }
        if (previous != null && previous.localIndex() == localIndex) {
            return previous;
        }
        return next != null && next.localIndex() == localIndex ? next : null;
    }

    /** A session that our initiation made: the responder has its keys already. */
    void initiated(Session session) {
        Session waiting = next;
        next = null;
        if (waiting == null) {
            replacePrevious(current);
        } else {
            erase(current);
            replacePrevious(waiting);
        }
        current = session;
    }

    /** A session that the peer's initiation made: it waits for {@link #confirm}. */
    void responded(Session session) {
        erase(next);
        next = session;
        replacePrevious(null);
    }

    /** A packet was opened with {@code session}; true if that made it the current one. */
    boolean confirm(Session session) {
        if (session != next) {
            return false;
        }
        replacePrevious(current);
        current = session;
        next = null;
        return true;
    }

    void erase() {
        erase(previous);
        erase(current);
        erase(next);
        previous = null;
        current = null;
        next = null;
    }

    private void replacePrevious(@Nullable Session session) {
        erase(previous);
        previous = session;
    }

    private static void erase(@Nullable Session session) {
        if (session != null) {
            session.erase();
        }
    }
}
