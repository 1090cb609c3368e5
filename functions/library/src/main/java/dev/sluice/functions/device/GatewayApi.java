package dev.sluice.functions.device;

import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.PageQuery;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.Narrowing;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The gateways of a site. They are made by signing in. */
@Path("/gateway_groups/{owner}/gateways")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Gateways", description = "The devices that stand beside resources.")
@OnBehalf
@RunOnVirtualThread
public class GatewayApi {
    private final Transactions transactions;
    private final Gateways gateways;
    private final CurrentRequest request;

    @Inject
    GatewayApi(Transactions transactions, Gateways gateways, CurrentRequest request) {
        this.transactions = transactions;
        this.gateways = gateways;
        this.request = request;
    }

    @GET
    @Operation(summary = "List the gateways of a site")
    public Envelope.Many<GatewayView> list(@RestPath UUID owner, @BeanParam PageQuery query) {
        var page = query.request();
        UUID account = request.accountId();
        return Envelope.of(
                transactions.inAccount(account).search(transaction -> {
                    requireSite(transaction, account, owner);
                    return gateways.page(account, page, Narrowing.NONE.with("siteId", owner))
                            .map(GatewayView::of);
                }),
                page.limit());
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Show a gateway")
    public RestResponse<Envelope.One<GatewayView>> get(@RestPath UUID owner, @RestPath UUID id) {
        UUID account = request.accountId();
        return Envelope.of(transactions
                .inAccount(account)
                .call(transaction -> GatewayView.of(ofSite(owner, gateways.get(account, id)))));
    }

    @DELETE
    @Path("{id}")
    @Operation(
            summary = "Delete a gateway",
            description = "What it serves ends. With a token that is still good it comes back as a new one.")
    public RestResponse<Envelope.One<GatewayView>> delete(
            @RestPath UUID owner, @RestPath UUID id, @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        UUID account = request.accountId();
        return Envelope.of(transactions.inAccount(account).call(transaction -> {
            Turns.take(transaction, account);
            var gateway = ofSite(owner, gateways.take(account, id, Expected.parse(ifMatch)));
            gateways.delete(gateway);
            gateways.flush();
            return GatewayView.of(gateway);
        }));
    }

    private static GatewayEntity ofSite(UUID site, GatewayEntity gateway) {
        if (!gateway.siteId().equals(site)) {
            throw RequestException.notFound("There is no gateway " + gateway.id() + ".");
        }
        return gateway;
    }

    private static void requireSite(Transaction transaction, UUID account, UUID site) {
        if (transaction
                .first("SELECT FROM site WHERE account_id = ? AND id = ?", row -> true, account, site)
                .isEmpty()) {
            throw RequestException.notFound("There is no site " + site + ".");
        }
    }
}
