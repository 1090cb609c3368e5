package dev.sluice.functions.identity;

import dev.sluice.functions.secret.Seal;
import dev.sluice.functions.settings.WebAddress;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who somebody is at a provider. Nobody is made by signing in: an admin or a directory has made them, with the address that
 * the provider gives out too, and from the first time on they are known by what the provider calls them.
 */
@ApplicationScoped
public class Identities {
    /** A provider by which people may sign in. */
    public record Entrance(UUID id, String name, ProviderType type) {}

    /** A provider, as people are sent there. */
    public record Elsewhere(UUID accountId, UUID providerId, ProviderType type, OpenIdConnect.Client client) {}

    private record Sealed(String issuer, String clientId, byte @Nullable [] secret, ProviderType type) {}

    private static final String ENTRANCES = """
            SELECT id, name, type FROM identity_provider WHERE account_id = ? AND disabled_at IS NULL ORDER BY name, id
            """;

    private static final String ELSEWHERE = """
            SELECT issuer, client_id, client_secret, type FROM identity_provider
            WHERE account_id = ? AND id = ? AND issuer IS NOT NULL AND disabled_at IS NULL
            """;

    private static final String LINKED = """
            UPDATE identity SET last_seen_at = now() WHERE account_id = ? AND provider_id = ? AND subject = ?
            RETURNING actor_id
            """;

    /** Somebody of this address, unless the provider calls them otherwise already; of several, nobody. */
    private static final String TO_LINK = """
            SELECT a.id FROM actor a
            WHERE a.account_id = ? AND lower(a.email) = lower(?) AND a.type IN ('user', 'admin') AND a.disabled_at IS NULL
              AND NOT EXISTS (SELECT FROM identity i WHERE i.account_id = a.account_id AND i.actor_id = a.id
                              AND i.provider_id = ?)
            LIMIT 2
            """;

    private static final String LINK = """
            INSERT INTO identity (id, account_id, provider_id, actor_id, subject, last_seen_at)
            VALUES (?, ?, ?, ?, ?, now()) ON CONFLICT DO NOTHING
            """;

    private final Transactions transactions;
    private final Seal seal;
    private final WebAddress web;

    @Inject
    Identities(Transactions transactions, Seal seal, WebAddress web) {
        this.transactions = transactions;
        this.seal = seal;
        this.web = web;
    }

    /** By which people of an account may sign in. */
    public List<Entrance> entrances(UUID accountId) {
        return transactions
                .inAccount(accountId)
                .glance(transaction -> transaction.list(
                        ENTRANCES,
                        row -> new Entrance(row.id("id"), row.text("name"), ProviderType.of(row.text("type"))),
                        accountId));
    }

    /** Where people of an account are sent by this provider; nothing, if there is none of it, or it is disabled. */
    public Optional<Elsewhere> elsewhere(UUID accountId, UUID providerId) {
        return transactions
                .inAccount(accountId)
                .glance(transaction -> transaction.first(ELSEWHERE, Identities::sealed, accountId, providerId))
                .map(provider -> new Elsewhere(
                        accountId,
                        providerId,
                        provider.type(),
                        new OpenIdConnect.Client(
                                provider.issuer(),
                                provider.clientId(),
                                provider.secret() == null ? null : seal.open(providerId, provider.secret()),
                                OpenIdConnect.redirectUri(web, accountId, providerId))));
    }

    private static Sealed sealed(Row row) {
        return new Sealed(
                row.text("issuer"),
                row.text("client_id"),
                row.optionalBytes("client_secret"),
                ProviderType.of(row.text("type")));
    }

    /** Whom a provider speaks of; nobody, if there is no such person here. */
    public Optional<Known> find(Elsewhere provider, OpenIdConnect.Claims claims) {
        UUID account = provider.accountId();
        return transactions
                .inAccount(account)
                .call(transaction -> transaction
                        .first(LINKED, row -> row.id("actor_id"), account, provider.providerId(), claims.subject())
                        .or(() -> link(transaction, provider, claims)))
                .map(actor -> new Known(account, actor, provider.providerId()));
    }

    private static Optional<UUID> link(Transaction transaction, Elsewhere provider, OpenIdConnect.Claims claims) {
        boolean counts = Boolean.TRUE.equals(claims.emailVerified())
                || claims.emailVerified() == null && provider.type().givesAddressesOut();
        if (claims.email() == null || !counts) {
            return Optional.empty();
        }
        UUID account = provider.accountId();
        var found = transaction.list(TO_LINK, row -> row.id("id"), account, claims.email(), provider.providerId());
        if (found.size() != 1) {
            return Optional.empty();
        }
        UUID actor = found.getFirst();
        return transaction.update(LINK, Ids.next(), account, provider.providerId(), actor, claims.subject()) == 1
                ? Optional.of(actor)
                : Optional.empty();
    }
}
