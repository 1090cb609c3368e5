package dev.sluice.functions.console;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.PageQuery;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.resource.Connection;
import dev.sluice.functions.resource.FilterText;
import dev.sluice.functions.resource.FilterView;
import dev.sluice.functions.resource.ResourceService;
import dev.sluice.functions.resource.ResourceWanted;
import dev.sluice.functions.site.SiteService;
import dev.sluice.functions.site.SiteView;
import dev.sluice.functions.sql.Ids;
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
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.Response.StatusType;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
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
     * What a deletion ends.
     *
     * @param policies that go with it
     * @param flows that end, of so many people
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
    private final SiteService sites;
    private final Validator validator;

    @Inject
    ResourcePages(
            Visitor visitor,
            Frames frames,
            Transactions transactions,
            ResourceService resources,
            SiteService sites,
            Validator validator) {
        this.visitor = visitor;
        this.frames = frames;
        this.transactions = transactions;
        this.resources = resources;
        this.sites = sites;
        this.validator = validator;
    }

    @GET
    public Response list(@BeanParam PageQuery query, @RestQuery @Nullable String search) {
        String narrowed = Pager.narrowed(search);
        var page = resources.page(visitor.accountId(), query.request(), narrowed, null, null, null);
        return PageResponse.page(
                Templates.resources(frames.of("resources"), page.rows(), Pager.of(address(), narrowed, page)));
    }

    @GET
    @Path("new")
    public Response ask() {
        return form(Status.OK, new Fields().with("type", "cidr"));
    }

    @POST
    public Response create(
            @RestForm @Nullable String form,
            @RestForm @Nullable String name,
            @RestForm @Nullable String type,
            @RestForm @Nullable String address,
            @RestForm @Nullable String connections,
            @RestForm @Nullable String filters) {
        return frames.sent(form, () -> {
            var fields = new Fields()
                    .with("name", name)
                    .with("type", type)
                    .with("address", address)
                    .with("connections", connections)
                    .with("filters", filters);
            try {
                var wanted = wanted(fields);
                if (!fields.hold(validator.validate(wanted))) {
                    return form(PageResponse.INVALID, fields);
                }
                UUID account = visitor.accountId();
                var resource = transactions
                        .inAccount(account)
                        .call(transaction -> resources.create(transaction, account, wanted));
                return PageResponse.to(address() + "/" + resource.id());
            } catch (RequestException refused) {
                return form(PageResponse.INVALID, fields.refused(refused));
            }
        });
    }

    private static ResourceWanted wanted(Fields fields) {
        String site = fields.text("connections");
        UUID id = site == null ? null : Ids.parse(site);
        return new ResourceWanted(
                fields.text("name"),
                fields.text("type"),
                fields.text("address"),
                null,
                null,
                FilterView.of(FilterText.parse(filters(fields))),
                id == null ? null : List.of(new Connection(id)));
    }

    private static List<String> filters(Fields fields) {
        String typed = fields.text("filters");
        return typed == null
                ? List.of()
                : Arrays.stream(typed.split("[,\\s]+"))
                        .filter(filter -> !filter.isEmpty())
                        .toList();
    }

    @GET
    @Path("{id}")
    public Response show(@RestPath UUID id) {
        var resource = resources.get(visitor.accountId(), id);
        return PageResponse.page(Templates.resource(
                frames.of("resources"),
                resource,
                resource.filters().stream()
                        .flatMap(filter -> filter.texts().stream())
                        .toList()));
    }

    @GET
    @Path("{id}/delete")
    public Response confirm(@RestPath UUID id) {
        UUID account = visitor.accountId();
        var resource = resources.get(account, id);
        var ends = transactions
                .inAccount(account)
                .glance(transaction -> transaction.one(
                        ENDS,
                        row -> new Ends(row.number("policies"), row.number("flows"), row.number("people")),
                        account,
                        id));
        return PageResponse.page(Templates.deleteResource(frames.of("resources"), resource, ends));
    }

    @POST
    @Path("{id}/delete")
    public Response delete(@RestPath UUID id, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            resources.delete(visitor.accountId(), id, Expected.ANY);
            return PageResponse.to(address());
        });
    }

    private Response form(StatusType status, Fields fields) {
        List<SiteView> choice = sites.page(visitor.accountId(), PageRequest.first(PageRequest.MOST), null, null)
                .rows();
        return PageResponse.page(status, Templates.newResource(frames.of("resources"), choice, fields));
    }

    private String address() {
        return "/" + visitor.account().slug() + "/resources";
    }
}
