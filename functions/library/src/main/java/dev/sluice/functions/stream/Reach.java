package dev.sluice.functions.stream;

import dev.sluice.channel.Detail;
import dev.sluice.channel.Reason;
import dev.sluice.channel.Resource;
import dev.sluice.functions.device.SoftwareVersion;
import dev.sluice.functions.policy.Condition;
import dev.sluice.functions.policy.PolicyChoice;
import dev.sluice.functions.policy.Subject;
import dev.sluice.functions.resource.ResourceRow;
import dev.sluice.functions.resource.ResourceService;
import dev.sluice.functions.resource.ResourceType;
import dev.sluice.functions.sql.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which resources a client may ask for as things stand: what its list is made of. The same evaluation as a decision, without
 * its locks: the list is a hint, and the decision decides.
 */
@ApplicationScoped
public class Reach {
    /** Whether one resource is on the list, and as what, or why not. */
    sealed interface Reached {
        record Yes(Resource resource) implements Reached {}

        record No(Detail detail) implements Reached {}
    }

    private record Viewer(Subject subject, UUID actorId, String actorType, Optional<SoftwareVersion> version) {}

    private record Candidate(UUID resourceId, PolicyChoice.Candidate policy) {}

    private static final SoftwareVersion INTERNET_SINCE = new SoftwareVersion(1, 3, 0);

    private static final String VIEWER = """
            SELECT c.actor_id, a.type, host(c.last_seen_remote_ip) AS remote_ip, c.last_seen_region,
                   c.verified_at IS NOT NULL AS verified, c.last_seen_version, now() AS now
            FROM client c JOIN actor a ON a.account_id = c.account_id AND a.id = c.actor_id
            WHERE c.account_id = ? AND c.id = ?
            """;

    private static final String POLICIES = """
            SELECT p.resource_id, p.id, m.id AS membership_id, p.disabled_at IS NULL AS enabled, p.conditions
            FROM policy p
            JOIN actor_group g ON g.account_id = p.account_id AND g.id = p.group_id
            LEFT JOIN membership m ON m.account_id = p.account_id AND m.group_id = p.group_id AND m.actor_id = ?
            WHERE p.account_id = ? AND (?::uuid IS NULL OR p.resource_id = ?)
              AND (m.id IS NOT NULL OR (g.type = 'everyone' AND ? IN ('user', 'admin')))
            ORDER BY p.id
            """;

    private final ResourceService resources;

    @Inject
    public Reach(ResourceService resources) {
        this.resources = resources;
    }

    /** All that a client may ask for, by name. */
    List<Resource> all(Transaction transaction, UUID accountId, UUID clientId) {
        var viewer = viewer(transaction, accountId, clientId);
        if (viewer.isEmpty()) {
            return List.of();
        }
        var byResource = new HashMap<UUID, List<PolicyChoice.Candidate>>();
        for (var candidate : candidates(transaction, accountId, viewer.get(), null)) {
            byResource
                    .computeIfAbsent(candidate.resourceId(), id -> new ArrayList<>())
                    .add(candidate.policy());
        }
        return resources.list(transaction, accountId, List.copyOf(byResource.keySet())).stream()
                .map(resource -> evaluate(resource, byResource, viewer.get()))
                .<Resource>mapMulti((reached, list) -> {
                    if (reached instanceof Reached.Yes yes) {
                        list.accept(yes.resource());
                    }
                })
                .toList();
    }

    /** Whether a client may ask for this one. */
    Reached one(Transaction transaction, UUID accountId, UUID clientId, UUID resourceId) {
        var viewer = viewer(transaction, accountId, clientId);
        if (viewer.isEmpty()) {
            return new Reached.No(Detail.of(Reason.CLIENT_DELETED));
        }
        var resource = resources.find(transaction, accountId, resourceId);
        if (resource.isEmpty()) {
            return new Reached.No(Detail.of(Reason.RESOURCE_DELETED));
        }
        var policies = candidates(transaction, accountId, viewer.get(), resourceId).stream()
                .map(Candidate::policy)
                .toList();
        return evaluate(resource.get(), Map.of(resourceId, policies), viewer.get());
    }

    private static Reached evaluate(
            ResourceRow resource, Map<UUID, List<PolicyChoice.Candidate>> policies, Viewer viewer) {
        return switch (PolicyChoice.choose(policies.getOrDefault(resource.id(), List.of()), viewer.subject())) {
            case PolicyChoice.Refused refused -> new Reached.No(refused.detail());
            case PolicyChoice.Allowed allowed -> {
                if (resource.sites().isEmpty()) {
                    yield new Reached.No(Detail.of(Reason.SITE_REMOVED));
                }
                yield understands(viewer, resource)
                        ? new Reached.Yes(resource.view())
                        : new Reached.No(Detail.of(Reason.GATEWAY_VERSION));
            }
        };
    }

    private static boolean understands(Viewer viewer, ResourceRow resource) {
        return resource.type() != ResourceType.INTERNET
                || viewer.version()
                        .filter(v -> v.major() > INTERNET_SINCE.major()
                                || (v.major() == INTERNET_SINCE.major() && v.minor() >= INTERNET_SINCE.minor()))
                        .isPresent();
    }

    private static Optional<Viewer> viewer(Transaction transaction, UUID accountId, UUID clientId) {
        return transaction.first(
                VIEWER,
                row -> new Viewer(
                        new Subject(
                                row.optionalText("remote_ip"),
                                row.optionalText("last_seen_region"),
                                null,
                                row.flag("verified"),
                                row.instant("now")),
                        row.id("actor_id"),
                        row.text("type"),
                        SoftwareVersion.parse(row.text("last_seen_version"))),
                accountId,
                clientId);
    }

    private static List<Candidate> candidates(
            Transaction transaction, UUID accountId, Viewer viewer, @Nullable UUID resourceId) {
        return transaction.list(
                POLICIES,
                row -> new Candidate(
                        row.id("resource_id"),
                        new PolicyChoice.Candidate(
                                row.id("id"),
                                row.optionalId("membership_id"),
                                row.flag("enabled"),
                                Condition.fromJson(row.text("conditions")))),
                viewer.actorId(),
                accountId,
                resourceId,
                resourceId,
                viewer.actorType());
    }
}
