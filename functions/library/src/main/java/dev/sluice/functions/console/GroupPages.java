package dev.sluice.functions.console;

import dev.sluice.functions.actor.GroupService;
import dev.sluice.functions.actor.GroupView;
import dev.sluice.functions.actor.MemberView;
import dev.sluice.functions.actor.MembershipService;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.Name;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.PageQuery;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transactions;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.Response.StatusType;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** Who belongs together: what policies are about. */
@Path(Door.PAGES + "{account}/groups")
@Produces(PageResponse.HTML)
@Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
@SignedIn
@OnBehalf
@RunOnVirtualThread
public class GroupPages {
    /**
     * A group and who is in it.
     *
     * @param changeable whether an admin says who is: not of everyone, and not where a directory says so
     */
    public record Group(GroupView group, boolean changeable, List<MemberView> members, Pager pager) {}

    /**
     * What a deletion ends.
     *
     * @param policies that go with it
     * @param flows that end, of so many people
     */
    public record Ends(long policies, long flows, long people) {}

    private static final String NAME = "name";
    private static final String WHO = "who";

    private static final String ENDS = """
            SELECT count(DISTINCT p.id) AS policies, count(f.id) AS flows, count(DISTINCT c.actor_id) AS people
            FROM policy p
            LEFT JOIN flow f ON f.account_id = p.account_id AND f.policy_id = p.id
            LEFT JOIN client c ON c.account_id = f.account_id AND c.id = f.client_id
            WHERE p.account_id = ? AND p.group_id = ?
            """;

    private final Visitor visitor;
    private final Frames frames;
    private final Transactions transactions;
    private final GroupService groups;
    private final MembershipService memberships;
    private final Called called;

    @Inject
    GroupPages(
            Visitor visitor,
            Frames frames,
            Transactions transactions,
            GroupService groups,
            MembershipService memberships,
            Called called) {
        this.visitor = visitor;
        this.frames = frames;
        this.transactions = transactions;
        this.groups = groups;
        this.memberships = memberships;
        this.called = called;
    }

    @GET
    public Response list(@BeanParam ListQuery query) {
        return list(query, Status.OK, Input.EMPTY);
    }

    private Response list(ListQuery query, StatusType status, Input name) {
        var page = groups.page(visitor.accountId(), query.request(), query.narrowed(), null);
        return PageResponse.page(
                status, Templates.groups(frames.of("groups"), page.rows(), Pager.of(address(), query, page), name));
    }

    @POST
    public Response create(@RestForm @Nullable String form, @RestForm @Nullable String name) {
        return frames.sent(form, () -> {
            String wanted = name == null ? "" : name.strip();
            try {
                UUID account = visitor.accountId();
                var group = transactions
                        .inAccount(account)
                        .call(transaction -> groups.create(transaction, account, named(wanted)));
                return PageResponse.to(address() + "/" + group.id());
            } catch (RequestException refused) {
                return list(new ListQuery(), PageResponse.INVALID, new Input(wanted, refused.getMessage()));
            }
        });
    }

    @GET
    @Path("{id}")
    public Response show(@RestPath UUID id, @BeanParam PageQuery query) {
        return show(id, query.request(), Status.OK, fields(id));
    }

    /** @param version that was shown */
    @POST
    @Path("{id}")
    public Response rename(
            @RestPath UUID id,
            @RestForm @Nullable String form,
            @RestForm @Nullable String version,
            @RestForm @Nullable String name) {
        UUID account = visitor.accountId();
        return frames.sent(form, () -> {
            var group = groups.get(account, id);
            var fields = fields(id).with(NAME, name);
            if (!fields.areOf(group.version(), version, group.name())) {
                return show(id, PageRequest.first(PageQuery.USUAL), Status.CONFLICT, fields);
            }
            return changing(
                    id,
                    fields,
                    to -> groups.rename(account, id, named(to.of(NAME).value()), Expected.of(group.version())));
        });
    }

    /** Whoever is called so, by name or address. */
    @POST
    @Path("{id}/members")
    public Response add(@RestPath UUID id, @RestForm @Nullable String form, @RestForm @Nullable String who) {
        return frames.sent(
                form,
                () -> changing(id, fields(id).with(WHO, who), fields -> {
                    UUID actor = called.person(fields, WHO);
                    if (actor == null) {
                        throw RequestException.argument(WHO, "Say who is to be in it.");
                    }
                    memberships.change(visitor.accountId(), id, Set.of(actor), Set.of());
                }));
    }

    @POST
    @Path("{id}/members/{actor}/delete")
    public Response remove(@RestPath UUID id, @RestPath UUID actor, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            memberships.change(visitor.accountId(), id, Set.of(), Set.of(actor));
            return PageResponse.to(address() + "/" + id);
        });
    }

    @GET
    @Path("{id}/delete")
    public Response confirm(@RestPath UUID id) {
        UUID account = visitor.accountId();
        var ends = transactions
                .inAccount(account)
                .glance(transaction -> transaction.one(
                        ENDS,
                        row -> new Ends(row.number("policies"), row.number("flows"), row.number("people")),
                        account,
                        id));
        return PageResponse.page(Templates.deleteGroup(frames.of("groups"), groups.get(account, id), ends));
    }

    @POST
    @Path("{id}/delete")
    public Response delete(@RestPath UUID id, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            groups.delete(visitor.accountId(), id, Expected.ANY);
            return PageResponse.to(address());
        });
    }

    private interface Change {
        void make(Fields fields);
    }

    private Response changing(UUID id, Fields fields, Change change) {
        try {
            change.make(fields);
            return PageResponse.to(address() + "/" + id);
        } catch (RequestException refused) {
            return show(id, PageRequest.first(PageQuery.USUAL), PageResponse.INVALID, fields.refused(refused));
        }
    }

    private Fields fields(UUID id) {
        return new Fields()
                .with(NAME, groups.get(visitor.accountId(), id).name())
                .with(WHO, null);
    }

    private Response show(UUID id, PageRequest request, StatusType status, Fields fields) {
        UUID account = visitor.accountId();
        var group = groups.get(account, id);
        var members = memberships.page(account, id, request);
        return PageResponse.page(
                status,
                Templates.group(
                        frames.of("groups"),
                        new Group(
                                group,
                                group.type().equals("static") && group.directoryId() == null,
                                members.rows(),
                                Pager.of(address() + "/" + id, members)),
                        fields));
    }

    private static String named(String name) {
        if (!name.matches(Name.PATTERN)) {
            throw RequestException.argument(NAME, "A name " + Name.RULE + ".");
        }
        return name;
    }

    private String address() {
        return "/" + visitor.account().slug() + "/groups";
    }
}
