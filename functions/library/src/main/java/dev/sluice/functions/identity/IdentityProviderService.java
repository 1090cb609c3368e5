package dev.sluice.functions.identity;

import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.Narrowing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.secret.Seal;
import dev.sluice.functions.settings.WebAddress;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates, changes, finds and deletes identity providers. Whoever signed in by one that goes is signed out. */
@ApplicationScoped
public class IdentityProviderService {
    private static final String SIGN_OUT = "DELETE FROM token WHERE account_id = ? AND provider_id = ?";

    /** Whose users are no one company's. */
    private static final String ANYBODYS = ".*/(common|organizations|consumers)(/.*)?";

    private final Transactions transactions;
    private final IdentityProviders providers;
    private final Seal seal;
    private final WebAddress web;

    @Inject
    public IdentityProviderService(Transactions transactions, IdentityProviders providers, Seal seal, WebAddress web) {
        this.transactions = transactions;
        this.providers = providers;
        this.seal = seal;
        this.web = web;
    }

    /**
     * A page of identity providers.
     *
     * @param name with what their names begin; null for all
     * @param called their whole name; null for all
     */
    public Page<IdentityProviderView> page(
            UUID accountId, PageRequest request, @Nullable String name, @Nullable String called) {
        return transactions
                .inAccount(accountId)
                .search(transaction -> providers
                        .page(accountId, request, Narrowing.NONE.named(name).called(called, "name"))
                        .map(this::view));
    }

    /** @throws RequestException when there is none */
    public IdentityProviderView get(UUID accountId, UUID id) {
        return transactions.inAccount(accountId).call(transaction -> view(providers.get(accountId, id)));
    }

    /** @throws RequestException when something is missing, the name is taken, or it is the second of a type that each has once */
    public IdentityProviderView create(Transaction transaction, UUID accountId, IdentityProviderWanted wanted) {
        if (wanted.name() == null) {
            throw RequestException.argument("name", "A new identity provider needs a name.");
        }
        if (wanted.type() == null) {
            throw RequestException.argument("type", "A new identity provider needs a type.");
        }
        requireFree(accountId, wanted.name());
        var provider = new IdentityProviderEntity(accountId, wanted.name(), ProviderType.of(wanted.type()));
        if (!provider.type().isElsewhere() && providers.hasType(accountId, provider.type())) {
            throw RequestException.argument("type", "There is one of this type already, and one is enough.");
        }
        set(provider, wanted);
        if (wanted.disabled() != null && wanted.disabled()) {
            provider.disable(transaction.now());
        }
        return view(providers.added(provider));
    }

    /** @throws RequestException when there is none of this version, the name is taken, or nobody could sign in any more */
    public IdentityProviderView change(UUID accountId, UUID id, IdentityProviderWanted wanted, Expected expected) {
        return transactions.inAccount(accountId).call(transaction -> {
            Turns.take(transaction, accountId);
            var provider = providers.take(accountId, id, expected);
            if (wanted.type() != null && !wanted.type().equals(provider.type().word())) {
                throw RequestException.argument("type", "An identity provider stays of its type: create another.");
            }
            if (wanted.name() != null && !wanted.name().equals(provider.name())) {
                requireFree(accountId, wanted.name());
                provider.rename(wanted.name());
            }
            String issuer = provider.issuer();
            set(provider, wanted);
            boolean another = issuer != null && !issuer.equals(provider.issuer());
            if (another) {
                // Whom it calls somebody, another may call somebody else.
                transaction.update("DELETE FROM identity WHERE account_id = ? AND provider_id = ?", accountId, id);
            }
            if (wanted.disabled() != null && wanted.disabled() != (provider.disabledAt() != null)) {
                if (wanted.disabled()) {
                    requireAnother(accountId, id);
                    provider.disable(transaction.now());
                } else {
                    provider.enable();
                }
            }
            if (another || provider.disabledAt() != null) {
                transaction.update(SIGN_OUT, accountId, id);
            }
            providers.flush();
            return view(provider);
        });
    }

    /** @throws RequestException when there is none of this version, or nobody could sign in any more */
    public IdentityProviderView delete(UUID accountId, UUID id, Expected expected) {
        return transactions.inAccount(accountId).call(transaction -> {
            Turns.take(transaction, accountId);
            var provider = providers.take(accountId, id, expected);
            requireAnother(accountId, id);
            var view = view(provider);
            transaction.update(SIGN_OUT, accountId, id);
            providers.delete(provider);
            providers.flush();
            return view;
        });
    }

    /** Of what is needed to send people there, all is there or nothing is changed. */
    private void set(IdentityProviderEntity provider, IdentityProviderWanted wanted) {
        if (!provider.type().isElsewhere()) {
            if (wanted.issuer() != null || wanted.clientId() != null || wanted.clientSecret() != null) {
                throw RequestException.invalid(
                        "One of type " + provider.type().word() + " has no issuer, client_id and client_secret.");
            }
            return;
        }
        String issuer = wanted.issuer() != null
                ? wanted.issuer()
                : provider.issuer() != null
                        ? provider.issuer()
                        : provider.type().issuer();
        String client = wanted.clientId() == null ? provider.clientId() : wanted.clientId();
        if (issuer == null) {
            throw RequestException.argument("issuer", "'issuer' is missing: who the provider is.");
        }
        if (client == null) {
            throw RequestException.argument("client_id", "'client_id' is missing: as which application to ask it.");
        }
        if (provider.type() == ProviderType.ENTRA && issuer.matches(ANYBODYS)) {
            throw RequestException.argument(
                    "issuer",
                    "It names no tenant, so that anybody at Microsoft could be anybody here: take"
                            + " https://login.microsoftonline.com/TENANT-ID/v2.0.");
        }
        provider.sendTo(issuer, client);
        if (wanted.clientSecret() != null) {
            provider.knowUsBy(seal.seal(provider.id(), wanted.clientSecret()));
        }
    }

    private void requireFree(UUID accountId, String name) {
        if (providers.isTaken(accountId, name)) {
            throw RequestException.argument("name", "There is an identity provider '" + name + "' already.");
        }
    }

    private void requireAnother(UUID accountId, UUID id) {
        if (providers.isLast(accountId, id)) {
            throw RequestException.conflict(
                    "It is the last by which anybody can sign in: add or enable another one first.");
        }
    }

    private IdentityProviderView view(IdentityProviderEntity provider) {
        return new IdentityProviderView(
                provider.id(),
                provider.name(),
                provider.type().word(),
                provider.issuer(),
                provider.clientId(),
                provider.type().isElsewhere()
                        ? OpenIdConnect.redirectUri(web, provider.accountId(), provider.id())
                        : null,
                provider.disabledAt(),
                provider.insertedAt(),
                provider.version());
    }
}
