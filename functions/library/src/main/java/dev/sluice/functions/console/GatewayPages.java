package dev.sluice.functions.console;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.device.GatewayService;
import dev.sluice.functions.device.GatewayView;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.TypedArray;
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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** The devices that stand beside resources, of all sites. */
@Path(Door.PAGES + "{account}/gateways")
@Produces(PageResponse.HTML)
@Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
@SignedIn
@OnBehalf
@RunOnVirtualThread
public class GatewayPages {
    /**
     * A gateway, and what goes through it now.
     *
     * @param site where it stands
     * @param flows through it, of so many people
     */
    public record Gateway(GatewayView gateway, String site, long flows, long people) {}

    private record Named(UUID id, String name) {}

    private static final String SITES = "SELECT id, name FROM site WHERE account_id = ? AND id = ANY (?)";

    private static final String THROUGH = """
            SELECT s.name AS site, count(f.id) AS flows, count(DISTINCT c.actor_id) AS people
            FROM gateway g JOIN site s ON s.account_id = g.account_id AND s.id = g.site_id
            LEFT JOIN flow f ON f.account_id = g.account_id AND f.gateway_id = g.id
            LEFT JOIN client c ON c.account_id = f.account_id AND c.id = f.client_id
            WHERE g.account_id = ? AND g.id = ? GROUP BY s.name
            """;

    private final Visitor visitor;
    private final Frames frames;
    private final Transactions transactions;
    private final GatewayService gateways;

    @Inject
    GatewayPages(Visitor visitor, Frames frames, Transactions transactions, GatewayService gateways) {
        this.visitor = visitor;
        this.frames = frames;
        this.transactions = transactions;
        this.gateways = gateways;
    }

    @GET
    public Response list(@BeanParam ListQuery query) {
        var page = gateways.page(visitor.accountId(), query.request(), query.narrowed());
        return PageResponse.page(Templates.gateways(
                frames.of("gateways"), page.rows(), sites(page.rows()), Pager.of(address(), query, page)));
    }

    private Map<UUID, String> sites(List<GatewayView> of) {
        UUID account = visitor.accountId();
        var ids = TypedArray.ofIds(
                of.stream().map(GatewayView::gatewayGroupId).distinct().toList());
        return transactions
                .inAccount(account)
                .glance(transaction ->
                        transaction.list(SITES, row -> new Named(row.id("id"), row.text("name")), account, ids))
                .stream()
                .collect(Collectors.toMap(Named::id, Named::name));
    }

    @GET
    @Path("{id}")
    public Response show(@RestPath UUID id) {
        return PageResponse.page(Templates.gateway(frames.of("gateways"), gateway(id)));
    }

    @GET
    @Path("{id}/delete")
    public Response confirm(@RestPath UUID id) {
        return PageResponse.page(Templates.deleteGateway(frames.of("gateways"), gateway(id)));
    }

    @POST
    @Path("{id}/delete")
    public Response delete(@RestPath UUID id, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            gateways.delete(visitor.accountId(), id, Expected.ANY);
            return PageResponse.to(address());
        });
    }

    private Gateway gateway(UUID id) {
        UUID account = visitor.accountId();
        var gateway = gateways.get(account, id);
        return transactions
                .inAccount(account)
                .glance(transaction -> transaction.one(
                        THROUGH,
                        row -> new Gateway(gateway, row.text("site"), row.number("flows"), row.number("people")),
                        account,
                        id));
    }

    private String address() {
        return "/" + visitor.account().slug() + "/gateways";
    }
}
