package dev.sluice.functions.flow;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import dev.sluice.channel.Detail;
import dev.sluice.channel.Reason;
import dev.sluice.channel.Resource;
import dev.sluice.functions.device.SoftwareVersion;
import dev.sluice.functions.policy.PolicyChoice;
import dev.sluice.functions.policy.PolicyRows;
import dev.sluice.functions.policy.Subject;
import dev.sluice.functions.resource.ResourceRow;
import dev.sluice.functions.resource.ResourceRows;
import dev.sluice.functions.resource.ResourceType;
import dev.sluice.functions.sql.Pipeline;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Which resources a client may ask for as things stand: what its list is made of. The same evaluation as a decision, without
 * its locks: the list is a hint, and the decision decides.
 */
@ApplicationScoped
public class Reach {
    /** Whether one resource is on the list, and as what, or why not. */
    public sealed interface Reached {
        record Yes(Resource resource) implements Reached {}

        record No(Detail detail) implements Reached {}
    }

    /** What one may want to know. */
    public record Asked(UUID clientId, UUID resourceId) {}

    private record Viewer(UUID clientId, Subject subject, Optional<SoftwareVersion> version) {}

    private static final SoftwareVersion INTERNET_SINCE = new SoftwareVersion(1, 3, 0);

    private static final String VIEWERS = """
            SELECT c.id, c.last_seen_version, %s FROM client c WHERE c.account_id = current_account() AND c.id = ANY (?)
            """.replace("%s", Subject.ofClient("""
                    (SELECT t.provider_id FROM channel ch JOIN token t ON t.account_id = ch.account_id AND t.id = ch.token_id
                     WHERE ch.device_id = c.id)"""));

    private final ResourceRows resources;

    @Inject
    public Reach(ResourceRows resources) {
        this.resources = resources;
    }

    /**
     * All that a client may ask for, by name.
     *
     * @param pipeline of the transaction; it is sent, with what is in it already
     */
    public List<Resource> all(Transaction transaction, Pipeline pipeline, UUID clientId) {
        var clients = List.of(clientId);
        var viewers = pipeline.list(VIEWERS, Reach::viewer, clients);
        var policies = PolicyRows.all(pipeline, clients);
        pipeline.send();
        if (viewers.get().isEmpty()) {
            return List.of();
        }
        var viewer = viewers.get().getFirst();
        var byResource = policies.get().stream()
                .collect(groupingBy(PolicyRows.Reaching::resourceId, mapping(PolicyRows.Reaching::policy, toList())));
        return resources.list(transaction, List.copyOf(byResource.keySet())).stream()
                .map(resource -> evaluate(resource, byResource.getOrDefault(resource.id(), List.of()), viewer))
                .<Resource>mapMulti((reached, list) -> {
                    if (reached instanceof Reached.Yes yes) {
                        list.accept(yes.resource());
                    }
                })
                .toList();
    }

    /** Whether one client may ask for one resource. */
    public Reached one(Transaction transaction, Asked asked) {
        return Objects.requireNonNull(of(transaction, List.of(asked)).get(asked));
    }

    /** Whether clients of the transaction's account may ask for resources, with as many queries for many as for one. */
    public Map<Asked, Reached> of(Transaction transaction, Collection<Asked> all) {
        var asked = all.stream().distinct().toList();
        if (asked.isEmpty()) {
            return Map.of();
        }
        var clients = asked.stream().map(Asked::clientId).toList();
        var wanted = asked.stream().map(Asked::resourceId).toList();
        var viewers = viewers(transaction, clients);
        var rows = new HashMap<UUID, ResourceRow>();
        resources.list(transaction, wanted.stream().distinct().toList()).forEach(row -> rows.put(row.id(), row));
        var policies = PolicyRows.asked(transaction, clients, wanted).stream()
                .collect(groupingBy(
                        candidate -> new Asked(candidate.clientId(), candidate.resourceId()),
                        mapping(PolicyRows.Reaching::policy, toList())));
        var answers = new HashMap<Asked, Reached>();
        for (var one : asked) {
            var viewer = viewers.get(one.clientId());
            var resource = rows.get(one.resourceId());
            if (viewer == null) {
                answers.put(one, new Reached.No(Detail.of(Reason.CLIENT_DELETED)));
            } else if (resource == null) {
                answers.put(one, new Reached.No(Detail.of(Reason.RESOURCE_DELETED)));
            } else {
                answers.put(one, evaluate(resource, policies.getOrDefault(one, List.of()), viewer));
            }
        }
        return answers;
    }

    private static Reached evaluate(ResourceRow resource, List<PolicyChoice.Candidate> policies, Viewer viewer) {
        return switch (PolicyChoice.choose(policies, viewer.subject())) {
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

    private static Map<UUID, Viewer> viewers(Transaction transaction, List<UUID> clientIds) {
        return transaction.list(VIEWERS, Reach::viewer, clientIds).stream()
                .collect(toMap(Viewer::clientId, Function.identity()));
    }

    private static Viewer viewer(Row row) {
        return new Viewer(row.id("id"), Subject.read(row), SoftwareVersion.parse(row.text("last_seen_version")));
    }
}
