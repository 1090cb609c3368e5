package dev.sluice.functions.console;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.entity.Expected;
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
import java.util.Map;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** What can be reached. */
@Path(Door.PAGES + "{account}/resources")
@Produces(PageResponse.HTML)
@Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
@SignedIn
@OnBehalf
@RunOnVirtualThread
public class ResourcePages {
    /**
     * What rests on it, and ends with it.
     *
     * @param policies about it
     * @param flows to it, of so many people
     */
    public record Ends(long policies, long flows, long people) {}

    private static final String ENDS = """
            SELECT (SELECT count(*) FROM policy WHERE account_id = r.account_id AND resource_id = r.id) AS policies,
                   count(f.id) AS flows, count(DISTINCT c.actor_id) AS people
            FROM resource r
            LEFT JOIN flow f ON f.account_id = r.account_id AND f.resource_id = r.id
            LEFT JOIN client c ON c.account_id = f.account_id AND c.id = f.client_id
            WHERE r.account_id = ? AND r.id = ? GROUP BY r.account_id, r.id
            """;

    private final Visitor visitor;
    private final Frames frames;
    private final Transactions transactions;
    private final ResourceService resources;
    private final ResourceFields fields;
    private final Validator validator;

    @Inject
    ResourcePages(
            Visitor visitor,
            Frames frames,
            Transactions transactions,
            ResourceService resources,
            ResourceFields fields,
            Validator validator) {
        this.visitor = visitor;
        this.frames = frames;
        this.transactions = transactions;
        this.resources = resources;
        this.fields = fields;
        this.validator = validator;
    }

    @GET
    public Response list(@BeanParam ListQuery query) {
        var page = resources.page(visitor.accountId(), query.request(), query.narrowed(), null, null, null);
        return PageResponse.page(
                Templates.resources(frames.of("resources"), page.rows(), Pager.of(address(), query, page)));
    }

    @GET
    @Path("new")
    public Response ask() {
        var choice = sites();
        return form(Status.OK, choice, ResourceFields.empty(choice));
    }

    @POST
    public Response create(@RestForm @Nullable String form, MultivaluedMap<String, String> sent) {
        return frames.sent(form, () -> {
            var typed = fields.read(sent);
            try {
                var wanted = fields.wanted(typed);
                if (!typed.hold(validator.validate(wanted))) {
                    return form(PageResponse.INVALID, sites(), typed);
                }
                UUID account = visitor.accountId();
                var resource = transactions
                        .inAccount(account)
                        .call(transaction -> resources.create(transaction, account, wanted));
                return PageResponse.to(address() + "/" + resource.id());
            } catch (RequestException refused) {
                return form(PageResponse.INVALID, sites(), typed.refused(refused));
            }
        });
    }

    @GET
    @Path("{id}")
    public Response show(@RestPath UUID id) {
        var resource = resources.get(visitor.accountId(), id);
        return PageResponse.page(
                Templates.resource(frames.of("resources"), resource, ResourceFields.passing(resource)));
    }

    @GET
    @Path("{id}/edit")
    public Response edit(@RestPath UUID id) {
        var resource = resources.get(visitor.accountId(), id);
        return edit(resource, Status.OK, fields.show(resource));
    }

    /** @param version that was shown */
    @POST
    @Path("{id}/edit")
    public Response edit(
            @RestPath UUID id,
            @RestForm @Nullable String form,
            @RestForm @Nullable String version,
            MultivaluedMap<String, String> sent) {
        return frames.sent(form, () -> {
            UUID account = visitor.accountId();
            var resource = resources.get(account, id);
            var typed = fields.read(sent).with("type", resource.type());
            if (!typed.areOf(resource.version(), version, ResourceFields.text(resource))) {
                return edit(resource, Status.CONFLICT, typed);
            }
            try {
                var wanted = fields.wanted(typed);
                if (!typed.hold(validator.validate(wanted))) {
                    return edit(resource, PageResponse.INVALID, typed);
                }
                resources.change(account, id, wanted, Expected.of(resource.version()));
                return PageResponse.to(address() + "/" + id);
            } catch (RequestException refused) {
                return edit(resource, PageResponse.INVALID, typed.refused(refused));
            }
        });
    }

    private Response edit(ResourceView resource, StatusType status, Fields typed) {
        return PageResponse.page(
                status,
                Templates.editResource(
                        frames.of("resources"),
                        resource,
                        fields.choice(visitor.accountId(), resource.type(), resource.connections()),
                        ends(resource.id()),
                        typed));
    }

    @GET
    @Path("{id}/delete")
    public Response confirm(@RestPath UUID id) {
        var resource = resources.get(visitor.accountId(), id);
        return PageResponse.page(Templates.deleteResource(frames.of("resources"), resource, ends(id)));
    }

    private Ends ends(UUID id) {
        UUID account = visitor.accountId();
        return transactions
                .inAccount(account)
                .glance(transaction -> transaction.one(
                        ENDS,
                        row -> new Ends(row.number("policies"), row.number("flows"), row.number("people")),
                        account,
                        id));
    }

    @POST
    @Path("{id}/delete")
    public Response delete(@RestPath UUID id, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            resources.delete(visitor.accountId(), id, Expected.ANY);
            return PageResponse.to(address());
        });
    }

    private Map<UUID, String> sites() {
        return fields.choice(visitor.accountId(), "", List.of());
    }

    private Response form(StatusType status, Map<UUID, String> sites, Fields typed) {
        return PageResponse.page(status, Templates.newResource(frames.of("resources"), sites, typed));
    }

    private String address() {
        return "/" + visitor.account().slug() + "/resources";
    }
}
