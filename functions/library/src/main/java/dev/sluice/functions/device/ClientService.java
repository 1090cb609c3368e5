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
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Finds, changes and deletes clients. What a change ends, the database ends with it. */
@ApplicationScoped
public class ClientService {
    private final Transactions transactions;
    private final Clients clients;

    @Inject
    public ClientService(Transactions transactions, Clients clients) {
        this.transactions = transactions;
        this.clients = clients;
    }

    /**
     * A page of clients.
     *
     * @param name with what their names begin; null for all
     * @param actorId whose they are; null for all
     */
    public Page<ClientView> page(UUID accountId, PageRequest request, @Nullable String name, @Nullable UUID actorId) {
        return transactions
                .inAccount(accountId)
                .search(transaction -> clients.page(
                                accountId, request, Narrowing.NONE.named(name).with("actorId", actorId))
                        .map(ClientView::of));
    }

    /** @throws RequestException when there is none */
    public ClientView get(UUID accountId, UUID id) {
        return transactions.inAccount(accountId).call(transaction -> ClientView.of(clients.get(accountId, id)));
    }

    /** @throws RequestException when there is none of this version */
    public ClientView rename(UUID accountId, UUID id, String name, Expected expected) {
        return change(accountId, id, expected, (transaction, client) -> client.rename(name));
    }

    /**
     * Says that a client is whose it claims to be, or takes that back: then what policies allow to verified clients alone ends.
     *
     * @throws RequestException when there is none of this version
     */
    public ClientView verify(UUID accountId, UUID id, boolean verified, Expected expected) {
        return change(accountId, id, expected, (transaction, client) -> {
            if (!verified) {
                client.verify(null);
            } else if (client.verifiedAt() == null) {
                client.verify(transaction.now());
            }
        });
    }

    /**
     * Deletes a client, and ends its access. With a token that is still good it comes back as a new one.
     *
     * @throws RequestException when there is none of this version
     */
    public ClientView delete(UUID accountId, UUID id, Expected expected) {
        return change(accountId, id, expected, (transaction, client) -> clients.delete(client));
    }

    private ClientView change(
            UUID accountId, UUID id, Expected expected, BiConsumer<Transaction, ClientEntity> change) {
        return transactions.inAccount(accountId).call(transaction -> {
            Turns.take(transaction, accountId);
            var client = clients.take(accountId, id, expected);
            change.accept(transaction, client);
            clients.flush();
            return ClientView.of(client);
        });
    }
}
