package dev.sluice.functions.console;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.auth.TokenOwner;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.auth.TokenView;
import dev.sluice.functions.device.GatewayService;
import dev.sluice.functions.device.GatewayView;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.settings.WebAddress;
import dev.sluice.functions.site.SiteService;
import dev.sluice.functions.site.SiteView;
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
import java.util.UUID;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** Where gateways stand, and how one is put there. */
@Path(Door.PAGES + "{account}/sites")
@Produces(PageResponse.HTML)
@Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
@SignedIn
@OnBehalf
@RunOnVirtualThread
public class SitePages {
    /**
     * What a site has.
     *
     * @param changeable whether it is the account's, and not the one of the internet resource
     */
    public record Site(SiteView site, boolean changeable, List<GatewayView> gateways, List<TokenView> tokens) {}

    /**
     * What a deletion ends.
     *
     * @param gateways that go with it
     * @param flows that end, of so many people
     */
    public record Ends(long gateways, long flows, long people) {}

    private static final String ENDS = """
            SELECT count(DISTINCT g.id) AS gateways, count(f.id) AS flows, count(DISTINCT c.actor_id) AS people
            FROM gateway g
            LEFT JOIN flow f ON f.account_id = g.account_id AND f.gateway_id = g.id
            LEFT JOIN client c ON c.account_id = f.account_id AND c.id = f.client_id
            WHERE g.account_id = ? AND g.site_id = ?
            """;

    private final Visitor visitor;
    private final Frames frames;
    private final Transactions transactions;
    private final SiteService sites;
    private final GatewayService gateways;
    private final TokenService tokens;
    private final WebAddress web;

    @Inject
    SitePages(
            Visitor visitor,
            Frames frames,
            Transactions transactions,
            SiteService sites,
            GatewayService gateways,
            TokenService tokens,
            WebAddress web) {
        this.visitor = visitor;
        this.frames = frames;
        this.transactions = transactions;
        this.sites = sites;
        this.gateways = gateways;
        this.tokens = tokens;
        this.web = web;
    }

    @GET
    public Response list(@BeanParam ListQuery query) {
        return list(query, Status.OK, Input.EMPTY);
    }

    private Response list(ListQuery query, StatusType status, Input name) {
        var page = sites.page(visitor.accountId(), query.request(), query.narrowed(), null);
        return PageResponse.page(
                status, Templates.sites(frames.of("sites"), page.rows(), Pager.of(address(), query, page), name));
    }

    @POST
    public Response create(@RestForm @Nullable String form, @RestForm @Nullable String name) {
        return frames.sent(form, () -> {
            String wanted = name == null ? "" : name.strip();
            try {
                var site = transactions
                        .inAccount(visitor.accountId())
                        .call(transaction -> sites.create(transaction, visitor.accountId(), named(wanted)));
                return PageResponse.to(address() + "/" + site.id());
            } catch (RequestException refused) {
                return list(new ListQuery(), PageResponse.INVALID, new Input(wanted, refused.getMessage()));
            }
        });
    }

    @GET
    @Path("{id}")
    public Response show(@RestPath UUID id) {
        var site = sites.get(visitor.accountId(), id);
        return show(site, Status.OK, fields(site.name()), null);
    }

    /** @param version that was shown */
    @POST
    @Path("{id}")
    public Response rename(
            @RestPath UUID id,
            @RestForm @Nullable String form,
            @RestForm @Nullable String version,
            @RestForm @Nullable String name) {
        return frames.sent(form, () -> {
            var site = sites.get(visitor.accountId(), id);
            var fields = fields(name);
            if (!fields.areOf(site.version(), version, site.name())) {
                return show(site, Status.CONFLICT, fields, null);
            }
            try {
                sites.rename(visitor.accountId(), id, named(fields.of("name").value()), Expected.of(site.version()));
                return PageResponse.to(address() + "/" + id);
            } catch (RequestException refused) {
                return show(site, PageResponse.INVALID, fields.refused(refused), null);
            }
        });
    }

    /** Shows the token in the answer itself: there is no address at which it could be seen again. */
    @POST
    @Path("{id}/tokens")
    public Response addToken(@RestPath UUID id, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            var issued = tokens.createForSite(visitor.accountId(), id, null, null);
            var site = sites.get(visitor.accountId(), id);
            return show(
                    site,
                    Status.CREATED,
                    fields(site.name()),
                    new MadeToken(issued.text().value(), web.ofDevices()));
        });
    }

    @POST
    @Path("{id}/tokens/{token}/delete")
    public Response deleteToken(@RestPath UUID id, @RestPath UUID token, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            tokens.delete(visitor.accountId(), TokenOwner.SITE, id, token);
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
                        row -> new Ends(row.number("gateways"), row.number("flows"), row.number("people")),
                        account,
                        id));
        return PageResponse.page(Templates.deleteSite(frames.of("sites"), sites.get(account, id), ends));
    }

    @POST
    @Path("{id}/delete")
    public Response delete(@RestPath UUID id, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            sites.delete(visitor.accountId(), id, Expected.ANY);
            return PageResponse.to(address());
        });
    }

    private Response show(SiteView site, StatusType status, Fields fields, @Nullable MadeToken made) {
        UUID account = visitor.accountId();
        var first = PageRequest.first(PageRequest.MOST);
        return PageResponse.page(
                status,
                Templates.site(
                        frames.of("sites"),
                        new Site(
                                site,
                                site.managedBy().equals("account"),
                                gateways.page(account, site.id(), first).rows(),
                                tokens.page(account, TokenOwner.SITE, site.id(), first)
                                        .rows()),
                        fields,
                        made));
    }

    private static Fields fields(@Nullable String name) {
        return new Fields().with("name", name);
    }

    private static String named(String name) {
        if (!name.matches(SiteService.NAME)) {
            throw RequestException.argument("name", "A name " + SiteService.NAME_RULE + ".");
        }
        return name;
    }

    private String address() {
        return "/" + visitor.account().slug() + "/sites";
    }
}
