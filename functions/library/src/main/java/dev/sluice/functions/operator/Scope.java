package dev.sluice.functions.operator;

import dev.sluice.channel.Site;
import dev.sluice.functions.account.Account;
import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.actor.Actor;
import dev.sluice.functions.actor.ActorService;
import dev.sluice.functions.actor.Group;
import dev.sluice.functions.resource.ResourceRow;
import dev.sluice.functions.resource.ResourceService;
import dev.sluice.functions.site.SiteService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.stream.Stream;

/** What an operator's words mean within an account. */
@ApplicationScoped
class Scope {
    static final String ACCOUNT = "account";

    private final AccountService accounts;
    private final ActorService actors;
    private final SiteService sites;
    private final ResourceService resources;

    @Inject
    Scope(AccountService accounts, ActorService actors, SiteService sites, ResourceService resources) {
        this.accounts = accounts;
        this.actors = actors;
        this.sites = sites;
        this.resources = resources;
    }

    /** The account that {@code --account} names, else the oldest one. */
    Account account(OperatorArguments arguments) {
        String reference = arguments.optional(ACCOUNT);
        return accounts.find(reference == null ? "" : reference);
    }

    Site site(UUID account, String reference) {
        return References.one(sites.list(account), "site", reference, Site::id, site -> Stream.of(site.name()));
    }

    Actor actor(UUID account, String reference) {
        return References.one(
                actors.list(account), "actor", reference, Actor::id, actor -> Stream.of(actor.name(), actor.email()));
    }

    Group group(UUID account, String reference) {
        return References.one(actors.groups(account), "group", reference, Group::id, group -> Stream.of(group.name()));
    }

    ResourceRow resource(UUID account, String reference) {
        return References.one(
                resources.list(account),
                "resource",
                reference,
                ResourceRow::id,
                resource -> Stream.of(resource.name(), resource.address()));
    }
}
