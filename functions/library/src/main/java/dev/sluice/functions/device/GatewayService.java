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

    /** @throws RequestException when the site has none */
    GatewayView get(UUID accountId, UUID siteId, UUID id) {
        return transactions
                .inAccount(accountId)
                .call(transaction -> GatewayView.of(ofSite(siteId, gateways.get(accountId, id))));
    }

    /**
     * Deletes a gateway: what it serves ends.
     *
     * @throws RequestException when the site has none of this version
     */
    GatewayView delete(UUID accountId, UUID siteId, UUID id, Expected expected) {
        return transactions.inAccount(accountId).call(transaction -> {
            Turns.take(transaction, accountId);
            var gateway = ofSite(siteId, gateways.take(accountId, id, expected));
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
