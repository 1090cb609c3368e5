package dev.sluice.functions.identity;

import dev.sluice.functions.entity.Listing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;

/** As whom somebody is known at which provider. That is made by signing in, or with a password. */
@ApplicationScoped
public class IdentityService {
    private static final String COLUMNS =
            "i.id, i.actor_id, i.provider_id, p.name, p.type, i.subject, i.inserted_at, i.last_seen_at";

    private static final String FROM =
            "identity i JOIN identity_provider p" + " ON p.account_id = i.account_id AND p.id = i.provider_id";

    private static final String SIGN_OUT =
            "DELETE FROM token WHERE account_id = ? AND actor_id = ? AND provider_id = ?";

    private final Transactions transactions;

    @Inject
    IdentityService(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * A page of somebody's.
     *
     * @throws RequestException when there is no such actor
     */
    public Page<IdentityView> page(UUID accountId, UUID actorId, PageRequest request) {
        return transactions.inAccount(accountId).search(transaction -> {
            requireActor(transaction, accountId, actorId);
            return new Listing(COLUMNS, FROM, "i.id")
                    .where("i.account_id = ?", accountId)
                    .where("i.actor_id = ?", actorId)
                    .page(transaction, request, IdentityService::read, IdentityView::id);
        });
    }

    /**
     * Forgets one, and signs out whoever came in by it; a password goes with it. Who still has the provider's address is found
     * by it again when they sign in.
     *
     * @throws RequestException when the actor has no such identity
     */
    public IdentityView delete(UUID accountId, UUID actorId, UUID id) {
        return transactions.inAccount(accountId).call(transaction -> {
            Turns.take(transaction, accountId);
            requireActor(transaction, accountId, actorId);
            var identity = transaction
                    .first(
                            "SELECT " + COLUMNS + " FROM " + FROM
                                    + " WHERE i.account_id = ? AND i.actor_id = ? AND i.id = ?",
                            IdentityService::read,
                            accountId,
                            actorId,
                            id)
                    .orElseThrow(() -> RequestException.notFound("There is no identity " + id + "."));
            transaction.update("DELETE FROM identity WHERE account_id = ? AND id = ?", accountId, id);
            signOut(transaction, accountId, actorId, identity.identityProviderId());
            return identity;
        });
    }

    /** Ends whatever somebody is signed in with by way of a provider. */
    static void signOut(Transaction transaction, UUID accountId, UUID actorId, UUID providerId) {
        transaction.update(SIGN_OUT, accountId, actorId, providerId);
    }

    private static void requireActor(Transaction transaction, UUID account, UUID actor) {
        if (transaction
                .first("SELECT FROM actor WHERE account_id = ? AND id = ?", row -> true, account, actor)
                .isEmpty()) {
            throw RequestException.notFound("There is no actor " + actor + ".");
        }
    }

    private static IdentityView read(Row row) {
        return new IdentityView(
                row.id("id"),
                row.id("actor_id"),
                row.id("provider_id"),
                row.text("name"),
                row.text("type"),
                row.text("subject"),
                row.instant("inserted_at"),
                row.optionalInstant("last_seen_at"));
    }
}
