package dev.sluice.functions.billing;

import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.actor.ActorService;
import dev.sluice.functions.actor.ActorType;
import dev.sluice.functions.resource.NewResource;
import dev.sluice.functions.resource.ResourceService;
import dev.sluice.functions.resource.ResourceType;
import dev.sluice.functions.site.SiteService;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes an account of a customer that somebody made at Stripe: integrations.md, section 1.6. */
@ApplicationScoped
public class AccountFounding {
    static final String ID = "account_id";
    static final String NAME = "account_name";
    static final String SLUG = "account_slug";

    private static final String WEBSITE = "company_website";
    private static final String FIRST_NAME = "account_owner_first_name";
    private static final String LAST_NAME = "account_owner_last_name";
    private static final String ADMIN = "account_admin_email";

    private static final String INTERNET_SITE =
            "SELECT id FROM site WHERE account_id = ? AND managed_by = 'system' AND name = 'Internet'";

    /**
     * What the account is to be.
     *
     * @param isThere whether it is, and only does not know whose customer it is
     */
    record Wanted(UUID accountId, boolean isThere, String name, String slug, String admin, String email) {}

    private final AccountService accounts;
    private final ActorService actors;
    private final SiteService sites;
    private final ResourceService resources;

    @Inject
    public AccountFounding(AccountService accounts, ActorService actors, SiteService sites, ResourceService resources) {
        this.accounts = accounts;
        this.actors = actors;
        this.sites = sites;
        this.resources = resources;
    }

    /**
     * What a customer's metadata asks for; empty if nothing.
     *
     * @throws StripeFailure when it asks for something that cannot be
     */
    Optional<Wanted> read(Customer customer) {
        var metadata = customer.metadata();
        if (metadata.containsKey(ID)) {
            // Ours: the portal made it, and has not kept it yet.
            return accounts.find(metadata.get(ID))
                    .map(account -> new Wanted(account.id(), true, account.name(), account.slug(), "", ""));
        }
        var website = metadata.get(WEBSITE);
        var first = metadata.get(FIRST_NAME);
        var last = metadata.get(LAST_NAME);
        if (website == null || first == null || last == null) {
            return Optional.empty();
        }
        var id = Ids.next();
        var name = metadata.getOrDefault(NAME, customer.name());
        var email = metadata.getOrDefault(ADMIN, customer.email());
        if (name == null || !AccountService.isName(name)) {
            throw StripeFailure.lasting("the account's name has 3 to 64 characters");
        }
        if (email == null || email.isBlank()) {
            throw StripeFailure.lasting("the account's admin has no e-mail address");
        }
        var slug = metadata.getOrDefault(
                SLUG, slug(website).orElse("account_" + id.toString().replace("-", "")));
        if (!slug.matches(AccountService.SLUG)) {
            throw StripeFailure.lasting("slug_invalid");
        }
        return Optional.of(new Wanted(id, false, name, slug, first + " " + last, email));
    }

    /**
     * Makes the account, as each is that somebody signs up for.
     *
     * @throws StripeFailure when its slug is taken
     */
    void found(Transaction transaction, Wanted wanted) {
        if (wanted.isThere()) {
            return;
        }
        var id = wanted.accountId();
        try {
            accounts.create(transaction, id, wanted.slug(), wanted.name());
        } catch (RequestException e) {
            throw StripeFailure.lasting("slug_taken");
        }
        sites.create(transaction, id, "Default Site");
        var internet = transaction.one(INTERNET_SITE, row -> row.id("id"), id);
        resources.create(
                transaction,
                id,
                new NewResource(ResourceType.INTERNET, null, "Internet", null, List.of(internet), List.of()));
        actors.create(transaction, id, ActorType.ADMIN, wanted.admin(), wanted.email());
    }

    /** Of {@code https://www.acme-corp.example/}: {@code www_acme_corp}. */
    static Optional<String> slug(String website) {
        @Nullable String host;
        try {
            var address = URI.create(website.strip());
            host = address.getHost() == null ? address.getPath() : address.getHost();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (host == null) {
            return Optional.empty();
        }
        int dot = host.lastIndexOf('.');
        return Optional.of((dot < 0 ? host : host.substring(0, dot))
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[.-]", "_"))
                .filter(slug -> slug.matches(AccountService.SLUG));
    }
}
