package dev.sluice.functions.operator;

import dev.sluice.channel.Site;
import dev.sluice.functions.actor.Actor;
import dev.sluice.functions.actor.ActorService;
import dev.sluice.functions.actor.Group;
import dev.sluice.functions.resource.ResourceRow;
import dev.sluice.functions.resource.ResourceService;
import dev.sluice.functions.site.SiteService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an account's things are called, for lists that people read. */
@ApplicationScoped
class Names {
    private final ActorService actors;
    private final SiteService sites;
    private final ResourceService resources;

    @Inject
    Names(ActorService actors, SiteService sites, ResourceService resources) {
        this.actors = actors;
        this.sites = sites;
        this.resources = resources;
    }

    Map<UUID, String> actors(UUID account) {
        return actors.list(account).stream().collect(Collectors.toMap(Actor::id, Actor::name));
    }

    Map<UUID, String> groups(UUID account) {
        return actors.groups(account).stream().collect(Collectors.toMap(Group::id, Group::name));
    }

    Map<UUID, String> sites(UUID account) {
        return sites.list(account).stream().collect(Collectors.toMap(Site::id, Site::name));
    }

    Map<UUID, String> resources(UUID account) {
        return resources.list(account).stream().collect(Collectors.toMap(ResourceRow::id, ResourceRow::name));
    }

    /** The name of {@code id}, or the id itself when it has none any more; null stays null. */
    static @Nullable String of(Map<UUID, String> names, @Nullable UUID id) {
        return id == null ? null : names.getOrDefault(id, id.toString());
    }
}
