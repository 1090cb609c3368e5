package dev.sluice.functions.account;

import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.Listing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates and finds accounts. */
@ApplicationScoped
public class AccountService {
    static final String SLUG = "[a-z0-9_]{3,100}";

    private static final String COLUMNS =
            "id, slug, name, disabled_at IS NOT NULL AS disabled, policy_tests_enforced, version";
    private static final String SELECT = "SELECT " + COLUMNS + " FROM account ";

    private final Transactions transactions;

    @Inject
    public AccountService(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Creates an account with what each has: the virtual group of everyone, and the site of the internet resource.
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
        if (name.length() < 3 || name.length() > 64) {
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
        return new Account(id, slug, name, false, false, 1);
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
    Account get(UUID id) {
        return transactions
                .inAccount(id)
                .glance(transaction -> transaction.one(SELECT + "WHERE id = ?", AccountService::read, id));
    }

    /**
     * Changes what an account's admin may change of it.
     *
     * @param name null for as it is
     * @param policyTestsEnforced null for as it is
     * @throws RequestException when it has another version than is expected
     */
    Account change(UUID id, @Nullable String name, @Nullable Boolean policyTestsEnforced, Expected expected) {
        return transactions.inAccount(id).call(transaction -> {
            var account = transaction.one(SELECT + "WHERE id = ? FOR NO KEY UPDATE", AccountService::read, id);
            expected.require("account", account.version());
            return transaction.one(
                    "UPDATE account SET name = coalesce(?, name),"
                            + " policy_tests_enforced = coalesce(?, policy_tests_enforced) WHERE id = ? RETURNING "
                            + COLUMNS,
                    AccountService::read,
                    name,
                    policyTestsEnforced,
                    id);
        });
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
