package dev.sluice.functions.stream;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * How often a second a client is refused one resource: a client that is refused waits before it asks again, and one that does
 * not costs others the decisions.
 */
final class DenialLimit {
    private static final int MOST_REMEMBERED = 10_000;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private record About(UUID clientId, UUID resourceId) {}

    /** The second that began with a denial, and how many there were since. */
    private record Denials(long since, int count) {
        boolean areOver(long now) {
            return now - since >= SECOND;
        }
    }

    private final int aSecond;
    private final Map<About, Denials> denials = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<About, Denials> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    DenialLimit(int aSecond) {
        this.aSecond = aSecond;
    }

    /** Whether an ask is one too many. */
    synchronized boolean isReached(UUID clientId, UUID resourceId, long now) {
        var last = denials.get(new About(clientId, resourceId));
        return last != null && !last.areOver(now) && last.count() >= aSecond;
    }

    /** An ask was refused. */
    synchronized void denied(UUID clientId, UUID resourceId, long now) {
        denials.merge(
                new About(clientId, resourceId),
                new Denials(now, 1),
                (last, first) -> last.areOver(now) ? first : new Denials(last.since(), last.count() + 1));
    }
}
