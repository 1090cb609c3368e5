package dev.sluice.functions.operator;

import dev.sluice.channel.Site;
import dev.sluice.functions.account.Account;
import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.actor.Actor;
import dev.sluice.functions.actor.ActorService;
import dev.sluice.functions.actor.Group;
import dev.sluice.functions.actor.GroupService;
import dev.sluice.functions.resource.ResourceRow;
import dev.sluice.functions.resource.ResourceRows;
import dev.sluice.functions.site.SiteService;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.RequestException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What an operator's words mean within an account. */
@ApplicationScoped
class Scope {
    static final String ACCOUNT = "account";

    private final AccountService accounts;
    private final ActorService actors;
    private final GroupService groups;
    private final SiteService sites;
    private final ResourceRows resources;

    @Inject
    Scope(
            AccountService accounts,
            ActorService actors,
            GroupService groups,
            SiteService sites,
            ResourceRows resources) {
        this.accounts = accounts;
        this.actors = actors;
        this.groups = groups;
        this.sites = sites;
        this.resources = resources;
    }

    /** One thing, and the account that it belongs to. */
    record Located<T>(Account account, T thing) {
        UUID accountId() {
            return account.id();
        }
    }

    /** The account that {@code --account} names, else all of them. */
    List<Account> accounts(OperatorArguments arguments) {
        String reference = arguments.optional(ACCOUNT);
        List<Account> all = accounts.list();
        if (reference == null) {
            return all;
        }
        UUID id = Ids.parse(reference);
        return List.of(References.one(
                "account",
                reference,
                all.stream()
                        .filter(account -> account.id().equals(id)
                                || account.slug().equals(reference)
                                || account.name().equals(reference))
                        .toList(),
                () -> all,
                Account::id,
                account -> Stream.of(account.slug(), account.name())));
    }

    /**
     * Looks for one thing in the account that {@code --account} names, else in all of them.
     *
     * @throws RequestException when no account has it, or several do
     */
    <T> Located<T> locate(OperatorArguments arguments, Function<UUID, T> lookUp) {
        List<Located<T>> found = new ArrayList<>();
        RequestException missing =
                RequestException.notFound("There is no account yet. Create one, or seed the portal.");
        for (Account account : accounts(arguments)) {
            try {
                found.add(new Located<>(account, lookUp.apply(account.id())));
            } catch (RequestException e) {
                if (e.kind() != RequestException.Kind.NOT_FOUND) {
                    throw e;
                }
                missing = e;
            }
        }
        if (found.isEmpty()) {
            throw missing;
        }
        if (found.size() > 1) {
            throw RequestException.conflict("Several accounts have one. Name the account with --account:\n"
                    + found.stream()
                            .map(located -> "  " + located.account().slug())
                            .collect(Collectors.joining("\n")));
        }
        return found.getFirst();
    }

    Site site(UUID account, String reference) {
        return References.one(
                "site",
                reference,
                sites.called(account, reference),
                () -> sites.list(account, References.KNOWN + 1),
                Site::id,
                site -> Stream.of(site.name()));
    }

    Actor actor(UUID account, String reference) {
        return References.one(
                "actor",
                reference,
                actors.called(account, reference),
                () -> actors.list(account, References.KNOWN + 1),
                Actor::id,
                actor -> Stream.of(actor.name(), actor.email()));
    }

    Group group(UUID account, String reference) {
        return References.one(
                "group",
                reference,
                groups.called(account, reference),
                () -> groups.list(account, References.KNOWN + 1),
                Group::id,
                group -> Stream.of(group.name()));
    }

    ResourceRow resource(UUID account, String reference) {
        return References.one(
                "resource",
                reference,
                resources.called(account, reference),
                () -> resources.list(account, References.KNOWN + 1),
                ResourceRow::id,
                resource -> Stream.of(resource.name(), resource.address()));
    }
}
