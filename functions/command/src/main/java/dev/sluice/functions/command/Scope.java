package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** In which accounts something is looked for. */
final class Scope {
    /**
     * An account, and the API that is about it.
     *
     * @param slug null where a token says which it is
     */
    record Account(@Nullable String slug, Api api) {}

    /** One thing, and the account that it belongs to. */
    record Located<T>(Account account, T thing) {
        Api api() {
            return account.api();
        }
    }

    private static final String ACCOUNTS = "/operator/accounts";

    /** More than one looks through for a name. */
    private static final int MOST = 1000;

    private final Endpoint endpoint;
    private final @Nullable String usual;

    /** @param usual the account that is meant where none is named; null for any */
    Scope(Endpoint endpoint, @Nullable String usual) {
        this.endpoint = endpoint;
        this.usual = usual;
    }

    /**
     * What only an operator may ask, of no account.
     *
     * @throws CommandException when a token is to be used
     */
    Api operator() {
        if (!endpoint.isOperator()) {
            throw new CommandException(
                    "this is for operators: on the portal's host, with SLUICE_URL and SLUICE_API_TOKEN" + " unset.");
        }
        return Api.at(endpoint);
    }

    /**
     * The account that is named, else all of them.
     *
     * @param named id, slug or name; null for all
     */
    List<Account> accounts(@Nullable String named) {
        Api api = Api.at(endpoint);
        if (!endpoint.isOperator()) {
            if (named != null) {
                throw CommandException.argument(
                        "account", "The token in SLUICE_API_TOKEN has one account: leave --account out.");
            }
            return List.of(new Account(null, api));
        }
        String reference = named == null ? usual : named;
        List<JsonNode> found = new ArrayList<>();
        if (reference != null && Kind.isId(reference)) {
            found.add(api.get(ACCOUNTS + "/" + reference));
        } else {
            var query = reference == null ? Query.ALL : Query.of("called", reference);
            api.list(ACCOUNTS, query, MOST, found::add);
        }
        if (found.isEmpty()) {
            throw CommandException.notFound(
                    reference == null
                            ? "There is no account yet. Create one, or seed the portal."
                            : "There is no account '" + reference + "'" + known(api) + ".");
        }
        return found.stream()
                .map(account -> account.path("slug").asText())
                .map(slug -> new Account(slug, api.of(slug)))
                .toList();
    }

    /**
     * The one account in which something is to be made.
     *
     * @throws CommandException when none is named and there are several
     */
    Account account(@Nullable String reference) {
        List<Account> accounts = accounts(reference);
        if (accounts.size() > 1) {
            throw CommandException.argument(
                    "account",
                    "There are several accounts. Name one with --account:\n"
                            + accounts.stream()
                                    .map(account -> "  " + account.slug())
                                    .collect(Collectors.joining("\n")));
        }
        return accounts.getFirst();
    }

    /**
     * Looks for one thing in the account that is named, else in all of them.
     *
     * @throws CommandException when no account has it, or several do
     */
    <T> Located<T> locate(@Nullable String reference, Function<Api, T> lookUp) {
        List<Located<T>> found = new ArrayList<>();
        var missing = new CommandException("There is none.");
        for (Account account : accounts(reference)) {
            try {
                found.add(new Located<>(account, lookUp.apply(account.api())));
            } catch (CommandException refused) {
                if (!refused.isNotFound()) {
                    throw refused;
                }
                missing = refused;
            }
        }
        if (found.isEmpty()) {
            throw missing;
        }
        if (found.size() > 1) {
            throw new CommandException("Several accounts have one. Name the account with --account:\n"
                    + found.stream()
                            .map(located -> "  " + located.account().slug())
                            .collect(Collectors.joining("\n")));
        }
        return found.getFirst();
    }

    private static String known(Api api) {
        List<String> slugs = new ArrayList<>();
        boolean more = api.list(
                ACCOUNTS,
                Query.ALL,
                10,
                account -> slugs.add(account.path("slug").asText()));
        return more || slugs.isEmpty() ? "" : "; there is " + String.join(", ", slugs);
    }
}
