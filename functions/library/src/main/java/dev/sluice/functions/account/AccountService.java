package dev.sluice.functions.account;

import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.Listing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.plan.Limit;
import dev.sluice.functions.plan.Plans;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates and finds accounts. */
@ApplicationScoped
public class AccountService {
    /** What a slug may be: portal-protocol.md, section 1. */
    public static final String SLUG = "[a-z0-9_]{3,100}";

    private static final String COLUMNS =
            "id, slug, name, disabled_at IS NOT NULL AS disabled, policy_tests_enforced, version";
    private static final String SELECT = "SELECT " + COLUMNS + " FROM account ";

    /** What is null stays; an empty domain is none. */
    private static final String CHANGE = """
            UPDATE account SET name = coalesce(?, name), policy_tests_enforced = coalesce(?, policy_tests_enforced),
                   search_domain = CASE WHEN ?::text IS NULL THEN search_domain ELSE nullif(?::text, '') END,
                   upstream_dns = coalesce(?::text[], upstream_dns)
            WHERE id = ?
            """;

    private final Transactions transactions;

    @Inject
    public AccountService(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Creates an account with what each has: the virtual group of everyone, the site of the internet resource, and sign-in by
     * mailed codes.
     *
     * @throws RequestException when the slug is taken or malformed
     */
    public Account create(String slug, String name) {
        var id = Ids.next();
        return transactions.inAccount(id).call(transaction -> create(transaction, id, slug, name));
    }

    /** As {@link #create(String, String)}, with a chosen id, as part of another transaction of the new account. */
    public Account create(Transaction transaction, UUID id, String slug, String name) {
        if (!slug.matches(SLUG)) {
            throw RequestException.invalid("An account's slug has 3 to 100 characters of a-z, 0-9 and _.");
        }
        if (!isName(name)) {
            throw RequestException.invalid("An account's name has 3 to 64 characters.");
        }
        if (transaction
                .first("SELECT FROM any_account WHERE slug = ?", row -> true, slug)
                .isPresent()) {
            throw RequestException.conflict("There is an account '" + slug + "' already.");
        }
        transaction.update("INSERT INTO account (id, slug, name) VALUES (?, ?, ?)", id, slug, name);
        transaction.update(
                "INSERT INTO actor_group (id, account_id, name, type) VALUES (?, ?, 'Everyone', 'everyone')",
                Ids.next(),
                id);
        transaction.update(
                "INSERT INTO site (id, account_id, name, managed_by) VALUES (?, ?, 'Internet', 'system')",
                Ids.next(),
                id);
        transaction.update(
                "INSERT INTO identity_provider (id, account_id, name, type) VALUES (?, ?, 'E-mail', 'email')",
                Ids.next(),
                id);
        return new Account(id, slug, name, false, false, 1);
    }

    /** Whether an account may be called so. */
    public static boolean isName(String name) {
        return name.length() >= Account.SHORTEST_NAME && name.length() <= Account.LONGEST_NAME;
    }

    /** Ends all access in an account, for this reason, unless it is ended. */
    public void disable(Transaction transaction, UUID id, String reason) {
        Turns.take(transaction, id);
        transaction.update(
                "UPDATE account SET disabled_at = now(), disabled_reason = ? WHERE id = ? AND disabled_at IS NULL",
                reason,
                id);
    }

    /** Lets an account have access again that was disabled for one of these reasons. */
    public void enable(Transaction transaction, UUID id, String... reasons) {
        // The statement has a trigger, whether a row is changed or not.
        Turns.take(transaction, id);
        transaction.update(
                "UPDATE account SET disabled_at = NULL, disabled_reason = NULL"
                        + " WHERE id = ? AND disabled_at IS NOT NULL AND disabled_reason = ANY (?::text[])",
                id,
                List.of(reasons));
    }

    /**
     * A page of accounts.
     *
     * @param called slug or name; null for all
     */
    public Page<Account> page(@Nullable String called, PageRequest request) {
        return transactions
                .ofPortal()
                .search(transaction -> new Listing(COLUMNS, "any_account", "id")
                        .called(called, "slug", "name")
                        .page(transaction, request, AccountService::read, Account::id));
    }

    /** The account of this id or slug. */
    public Optional<Account> find(String reference) {
        return transactions
                .ofPortal()
                .glance(transaction -> transaction.first(
                        "SELECT " + COLUMNS + " FROM any_account WHERE id = ?::uuid OR slug = ?",
                        AccountService::read,
                        Ids.parse(reference),
                        reference));
    }

    /** An account, as it sees itself. */
    public OwnAccountView get(UUID id) {
        return transactions.inAccount(id).call(transaction -> own(transaction, id));
    }

    /**
     * Changes what an account's admin may change of it.
     *
     * @throws RequestException when it has another version than is expected, or a resolver is none
     */
    public OwnAccountView change(UUID id, OwnAccountWanted wanted, Expected expected) {
        var upstreamDns = wanted.upstreamDns() == null ? null : UpstreamDns.parse(wanted.upstreamDns());
        return transactions.inAccount(id).call(transaction -> {
            var account = transaction.one(SELECT + "WHERE id = ? FOR NO KEY UPDATE", AccountService::read, id);
            expected.require("account", account.version());
            transaction.update(
                    CHANGE,
                    wanted.name(),
                    wanted.policyTestsEnforced(),
                    wanted.searchDomain(),
                    wanted.searchDomain(),
                    upstreamDns,
                    id);
            return own(transaction, id);
        });
    }

    /** What holds for all of an account. */
    public AccountSettings settings(UUID id) {
        return transactions.inAccount(id).glance(transaction -> settings(transaction, id));
    }

    private static AccountSettings settings(Transaction transaction, UUID id) {
        return transaction.one(
                "SELECT " + COLUMNS
                        + ", legal_name, warning, disabled_reason, search_domain, upstream_dns FROM account WHERE id = ?",
                row -> new AccountSettings(
                        row.id("id"),
                        row.text("slug"),
                        row.text("name"),
                        row.optionalText("legal_name"),
                        row.optionalText("warning"),
                        row.flag("disabled"),
                        row.optionalText("disabled_reason"),
                        row.flag("policy_tests_enforced"),
                        row.optionalText("search_domain"),
                        row.texts("upstream_dns"),
                        row.number("version")),
                id);
    }

    private static OwnAccountView own(Transaction transaction, UUID id) {
        var limits = new OwnAccountView.Limits(
                Plans.use(transaction, id, Limit.USERS),
                Plans.use(transaction, id, Limit.MONTHLY_ACTIVE_USERS),
                Plans.use(transaction, id, Limit.SERVICE_ACCOUNTS),
                Plans.use(transaction, id, Limit.ACCOUNT_ADMIN_USERS),
                Plans.use(transaction, id, Limit.SITES));
        var features = transaction.one(
                "SELECT features FROM account WHERE id = ?",
                row -> Optional.ofNullable(row.optionalTexts("features")),
                id);
        var account = settings(transaction, id);
        return new OwnAccountView(
                id,
                account.slug(),
                account.name(),
                account.legalName(),
                limits,
                features.orElse(null),
                account.warning(),
                account.disabled(),
                account.disabledReason(),
                account.policyTestsEnforced(),
                account.searchDomain(),
                account.upstreamDns(),
                account.version());
    }

    private static Account read(Row row) {
        return new Account(
                row.id("id"),
                row.text("slug"),
                row.text("name"),
                row.flag("disabled"),
                row.flag("policy_tests_enforced"),
                row.number("version"));
    }
}
