package dev.sluice.functions.device;

import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.Narrowing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Shows and deletes the gateways of sites. They are made by signing in ({@link DeviceService}). */
@ApplicationScoped
public class GatewayService {
    private final Transactions transactions;
    private final Gateways gateways;

    @Inject
    public GatewayService(Transactions transactions, Gateways gateways) {
        this.transactions = transactions;
        this.gateways = gateways;
    }

    /**
     * A page of an account's gateways.
     *
     * @param name with what their names begin; null for all
     */
    public Page<GatewayView> page(UUID accountId, PageRequest request, @Nullable String name) {
        return transactions
                .inAccount(accountId)
                .search(transaction -> gateways.page(accountId, request, Narrowing.NONE.named(name))
                        .map(GatewayView::of));
    }

    /**
     * A page of a site's gateways.
     *
     * @throws RequestException when there is no such site
     */
    public Page<GatewayView> page(UUID accountId, UUID siteId, PageRequest request) {
        return transactions.inAccount(accountId).search(transaction -> {
            requireSite(transaction, accountId, siteId);
            return gateways.page(accountId, request, Narrowing.NONE.with("siteId", siteId))
                    .map(GatewayView::of);
        });
    }

    /** @throws RequestException when there is none */
    public GatewayView get(UUID accountId, UUID id) {
        return transactions.inAccount(accountId).call(transaction -> GatewayView.of(gateways.get(accountId, id)));
    }

    /** @throws RequestException when the site has none */
    GatewayView get(UUID accountId, UUID siteId, UUID id) {
        return transactions
                .inAccount(accountId)
                .call(transaction -> GatewayView.of(ofSite(siteId, gateways.get(accountId, id))));
    }

    /**
     * Deletes a gateway: what it serves ends. With a token that is still good it comes back as a new one.
     *
     * @throws RequestException when there is none of this version
     */
    public GatewayView delete(UUID accountId, UUID id, Expected expected) {
        return delete(accountId, id, expected, gateway -> gateway);
    }

    /**
     * As {@link #delete(UUID, UUID, Expected)}, one of a site.
     *
     * @throws RequestException when the site has none of this version
     */
    GatewayView delete(UUID accountId, UUID siteId, UUID id, Expected expected) {
        return delete(accountId, id, expected, gateway -> ofSite(siteId, gateway));
    }

    private GatewayView delete(UUID accountId, UUID id, Expected expected, UnaryOperator<GatewayEntity> check) {
        return transactions.inAccount(accountId).call(transaction -> {
            Turns.take(transaction, accountId);
            var gateway = check.apply(gateways.take(accountId, id, expected));
            gateways.delete(gateway);
            gateways.flush();
            return GatewayView.of(gateway);
        });
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
