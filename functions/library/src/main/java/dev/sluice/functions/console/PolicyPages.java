package dev.sluice.functions.console;

import dev.sluice.functions.actor.GroupService;
import dev.sluice.functions.actor.GroupView;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.policy.Condition;
import dev.sluice.functions.policy.PolicyService;
import dev.sluice.functions.policy.PolicyView;
import dev.sluice.functions.policy.PolicyWanted;
import dev.sluice.functions.resource.ResourceService;
import dev.sluice.functions.resource.ResourceView;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transactions;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Validator;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.Response.StatusType;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Who may reach what. */
@Path(Door.PAGES + "{account}/policies")
@Produces(PageResponse.HTML)
@Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
@SignedIn
@OnBehalf
@RunOnVirtualThread
public class PolicyPages {
    /** What rests on a policy now: so many flows of so many people. */
    public record Granted(long flows, long people) {}

    private static final String GRANTED = """
            SELECT count(*) AS flows, count(DISTINCT c.actor_id) AS people
            FROM flow f JOIN client c ON c.account_id = f.account_id AND c.id = f.client_id
            WHERE f.account_id = ? AND f.policy_id = ?
            """;

    /** What names are offered, of those that there are. */
    public record Choice(List<String> groups, List<String> resources) {}

    private static final String DESCRIPTION = "description";

    private final Visitor visitor;
    private final Frames frames;
    private final Transactions transactions;
    private final PolicyService policies;
    private final GroupService groups;
    private final ResourceService resources;
    private final Called called;
    private final Validator validator;
    private final ConditionFields conditions;

    @Inject
    PolicyPages(
            Visitor visitor,
            Frames frames,
            Transactions transactions,
            PolicyService policies,
            GroupService groups,
            ResourceService resources,
            Called called,
            Validator validator,
            ConditionFields conditions) {
        this.visitor = visitor;
        this.frames = frames;
        this.transactions = transactions;
        this.policies = policies;
        this.groups = groups;
        this.resources = resources;
        this.called = called;
        this.validator = validator;
        this.conditions = conditions;
    }

    @GET
    public Response list(
            @BeanParam ListQuery query, @RestQuery @Nullable String group, @RestQuery @Nullable String resource) {
        var fields = new Fields().with("group", group).with("resource", resource);
        try {
            var page = policies.page(
                    visitor.accountId(),
                    query.request(),
                    called.group(fields, "group"),
                    called.resource(fields, "resource"));
            return list(Status.OK, fields, Pager.of(fields.narrow(address()), query, page), page.rows());
        } catch (RequestException refused) {
            return list(
                    PageResponse.INVALID, fields.refused(refused), Pager.of(address(), query, Page.empty()), List.of());
        }
    }

    private Response list(StatusType status, Fields fields, Pager pager, List<PolicyView> rows) {
        return PageResponse.page(status, Templates.policies(frames.of("policies"), rows, fields, pager));
    }

    @GET
    @Path("new")
    public Response ask(@RestQuery @Nullable String resource) {
        var fields = new Fields().with("actor_group_id", "Everyone").with("resource_id", resource);
        return form(Status.OK, conditions.show(visitor.accountId(), fields.with(DESCRIPTION, null), List.of()));
    }

    @POST
    public Response create(
            @RestForm @Nullable String form,
            @RestForm("actor_group_id") @Nullable String group,
            @RestForm("resource_id") @Nullable String resource,
            @RestForm @Nullable String description,
            MultivaluedMap<String, String> sent) {
        return frames.sent(form, () -> {
            var fields = conditions.read(
                    new Fields()
                            .with("actor_group_id", group)
                            .with("resource_id", resource)
                            .with(DESCRIPTION, description),
                    sent);
            try {
                UUID account = visitor.accountId();
                var wanted = new PolicyWanted(
                        called.group(fields, "actor_group_id"),
                        called.resource(fields, "resource_id"),
                        fields.text(DESCRIPTION),
                        conditions.demands(account, fields, List.of()),
                        null);
                if (!fields.hold(validator.validate(wanted))) {
                    return form(PageResponse.INVALID, fields);
                }
                var policy = transactions
                        .inAccount(account)
                        .call(transaction -> policies.create(transaction, account, wanted));
                return PageResponse.to(address() + "/" + policy.id());
            } catch (RequestException refused) {
                return form(PageResponse.INVALID, fields.refused(refused));
            }
        });
    }

    @GET
    @Path("{id}")
    public Response show(@RestPath UUID id) {
        UUID account = visitor.accountId();
        var policy = policies.get(account, id);
        return PageResponse.page(Templates.policy(
                frames.of("policies"),
                policy,
                policy.conditions().stream().map(PolicyPages::text).toList(),
                granted(id)));
    }

    private Granted granted(UUID id) {
        UUID account = visitor.accountId();
        return transactions
                .inAccount(account)
                .glance(transaction -> transaction.one(
                        GRANTED, row -> new Granted(row.number("flows"), row.number("people")), account, id));
    }

    @GET
    @Path("{id}/edit")
    public Response edit(@RestPath UUID id) {
        var policy = policies.get(visitor.accountId(), id);
        var fields = new Fields().with(DESCRIPTION, policy.description());
        return edit(policy, Status.OK, conditions.show(visitor.accountId(), fields, policy.conditions()));
    }

    /** @param version that was shown: of two who change it at once, one is shown what the other has done */
    @POST
    @Path("{id}/edit")
    public Response edit(
            @RestPath UUID id,
            @RestForm @Nullable String form,
            @RestForm @Nullable String version,
            @RestForm @Nullable String description,
            MultivaluedMap<String, String> sent) {
        return frames.sent(form, () -> {
            UUID account = visitor.accountId();
            var policy = policies.get(account, id);
            var fields = conditions.read(new Fields().with(DESCRIPTION, description), sent);
            if (!fields.areOf(policy.version(), version, demands(policy))) {
                return edit(policy, Status.CONFLICT, fields);
            }
            try {
                var wanted = new PolicyWanted(
                        null,
                        null,
                        fields.of(DESCRIPTION).value(),
                        conditions.demands(account, fields, policy.conditions()),
                        null);
                if (!fields.hold(validator.validate(wanted))) {
                    return edit(policy, PageResponse.INVALID, fields);
                }
                policies.change(account, id, wanted, Expected.of(policy.version()));
                return PageResponse.to(address() + "/" + id);
            } catch (RequestException refused) {
                return edit(policy, PageResponse.INVALID, fields.refused(refused));
            }
        });
    }

    private Response edit(PolicyView policy, StatusType status, Fields fields) {
        return PageResponse.page(
                status,
                Templates.editPolicy(
                        frames.of("policies"),
                        policy,
                        conditions.kept(policy.conditions()).stream()
                                .map(PolicyPages::text)
                                .toList(),
                        granted(policy.id()),
                        fields));
    }

    private static String demands(PolicyView policy) {
        String asked = policy.conditions().stream().map(PolicyPages::text).collect(Collectors.joining("; "));
        return asked.isEmpty() ? "without a condition" : "if " + asked;
    }

    private static String text(Condition condition) {
        return condition.property() + " " + condition.operator() + " " + String.join(", ", condition.values());
    }

    @POST
    @Path("{id}/{state:disable|enable}")
    public Response change(@RestPath UUID id, @RestPath String state, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            policies.change(
                    visitor.accountId(),
                    id,
                    new PolicyWanted(null, null, null, null, state.equals("disable")),
                    Expected.ANY);
            return PageResponse.to(address() + "/" + id);
        });
    }

    @POST
    @Path("{id}/delete")
    public Response delete(@RestPath UUID id, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            policies.delete(visitor.accountId(), id, Expected.ANY);
            return PageResponse.to(address());
        });
    }

    private Response form(StatusType status, Fields fields) {
        UUID account = visitor.accountId();
        var first = PageRequest.first(PageRequest.MOST);
        var choice = new Choice(
                groups.page(account, first, null, null).rows().stream()
                        .map(GroupView::name)
                        .toList(),
                resources.page(account, first, null, null, null, null).rows().stream()
                        .map(ResourceView::name)
                        .toList());
        return PageResponse.page(status, Templates.newPolicy(frames.of("policies"), choice, fields));
    }

    private String address() {
        return "/" + visitor.account().slug() + "/policies";
    }
}
