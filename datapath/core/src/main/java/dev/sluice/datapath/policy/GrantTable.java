package dev.sluice.datapath.policy;

import dev.sluice.datapath.wire.IpPacket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The grants of one client at the gateway, one a resource, and what they say about its packets.
 *
 * <p>An older decision never undoes a newer one: a grant is taken only if its generation is not below the one held, and
 * not at or below the one that was last ended. Without generations, the order of the messages is the order. Expiry is
 * looked at with every packet, so that a grant is no longer good at its instant even if nobody has removed it yet.
 *
 * <p>Asking allocates nothing, but for the first packet after a change, which compiles the rules once for however many
 * changes there were. Time is monotonic, in nanoseconds. For one thread.
 */
public final class GrantTable {
    /** For a message without a generation: it ends whatever is held. */
    public static final long ANY_GENERATION = Long.MAX_VALUE;

    /** Ended resources that are remembered, the longest known forgotten first. */
    private static final int MAX_ENDED = 1024;

    private final Map<UUID, Grant> grants = new HashMap<>();
    private final EndedGenerations ended = new EndedGenerations();
    private final RuleTable<Grant> rules = new RuleTable<>();
    private final IpPacket embedded = new IpPacket();
    private boolean stale;
    private @Nullable Grant decidedBy;

    /** Adds a grant or replaces the one for its resource; false, with nothing changed, if it is older than known. */
    public boolean put(Grant grant) {
        Grant held = grants.get(grant.resource());
        boolean ordered = grant.generation() != Grant.NO_GENERATION;
        if (ordered && (held != null && held.generation() > grant.generation() || ended.covers(grant))) {
            return false;
        }
        grants.put(grant.resource(), grant);
        stale = true;
        return true;
    }

    /**
     * Ends the grant for a resource.
     *
     * @param generation of the decision to end it; {@link #ANY_GENERATION} ends what is held, and a later grant of any
     *     generation above it is taken
     * @return the grant that ended; null if there was none, or only a newer one
     */
    public @Nullable Grant remove(UUID resource, long generation) {
        Grant held = grants.get(resource);
        boolean newer = held != null && held.generation() > generation;
        if (newer) {
            return null;
        }
        long last = generation != ANY_GENERATION ? generation : held != null ? held.generation() : Grant.NO_GENERATION;
        ended.merge(resource, last, Math::max);
        if (held != null) {
            grants.remove(resource);
            stale = true;
        }
        return held;
    }

    /** Ends every grant whose resource is not among {@code resources}: absent means revoked. */
    public List<Grant> retainAll(Set<UUID> resources) {
        List<Grant> removed = new ArrayList<>();
        for (Grant grant : List.copyOf(grants.values())) {
            if (!resources.contains(grant.resource())) {
                remove(grant.resource(), ANY_GENERATION);
                removed.add(grant);
            }
        }
        return removed;
    }

    /** Whatever comes next is newer than what is known. */
    public void forgetGenerations() {
        ended.clear();
        grants.replaceAll((resource, grant) -> grant.withGeneration(Grant.NO_GENERATION));
        stale = true;
    }

    /** Ends every grant whose time has come. A later decision may grant the same again. */
    public List<Grant> removeExpired(long now) {
        List<Grant> expired =
                grants.values().stream().filter(grant -> grant.isExpired(now)).toList();
        for (Grant grant : expired) {
            grants.remove(grant.resource());
        }
        if (!expired.isEmpty()) {
            stale = true;
        }
        return expired;
    }

    /** The first deadline, {@link Grant#NEVER} if there is none. */
    public long nextDeadline() {
        long next = Grant.NEVER;
        for (Grant grant : grants.values()) {
            next = Math.min(next, grant.deadline());
        }
        return next;
    }

    public @Nullable Grant grant(UUID resource) {
        return grants.get(resource);
    }

    /** A copy. */
    public Collection<Grant> grants() {
        return List.copyOf(grants.values());
    }

    /** Whether any grant is good now. */
    public boolean hasLive(long now) {
        for (Grant grant : grants.values()) {
            if (!grant.isExpired(now)) {
                return true;
            }
        }
        return false;
    }

    public boolean isEmpty() {
        return grants.isEmpty();
    }

    /** Whether the client may send this packet, decided by destination and destination port. */
    public Verdict outbound(IpPacket packet, long now) {
        return decide(packet, Direction.OUTBOUND, now);
    }

    /**
     * Whether this packet may go to the client, decided by source and source port.
     *
     * <p>An ICMP error is decided by the packet that it quotes, which the client must have been allowed to send: the
     * error itself comes from any router on the way. The caller checks that the quote's source is the client.
     */
    public Verdict inbound(IpPacket packet, long now) {
        if (!packet.isIcmpError()) {
            return decide(packet, Direction.INBOUND, now);
        }
        if (packet.embedded(embedded) != IpPacket.Status.VALID) {
            decidedBy = null;
            return Verdict.NO_GRANT;
        }
        return decide(embedded, Direction.OUTBOUND, now);
    }

    /** The grant behind the last verdict; null after {@link Verdict#NO_GRANT}. */
    public @Nullable Grant decidedBy() {
        return decidedBy;
    }

    private Verdict decide(IpPacket packet, Direction direction, long now) {
        if (stale) {
            rules.replaceAll(grants.values());
            stale = false;
        }
        Grant grant = rules.select(packet, direction, now);
        decidedBy = grant;
        if (grant == null) {
            return Verdict.NO_GRANT;
        }
        if (grant.isExpired(now)) {
            return Verdict.EXPIRED;
        }
        return grant.filter().permits(packet, direction) ? Verdict.PERMITTED : Verdict.FILTERED;
    }

    /** The generation at which each resource was last ended. */
    private static final class EndedGenerations extends LinkedHashMap<UUID, Long> {
        boolean covers(Grant grant) {
            Long last = get(grant.resource());
            return last != null && grant.generation() <= last;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Long> eldest) {
            return size() > MAX_ENDED;
        }
    }
}
