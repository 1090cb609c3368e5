package dev.sluice.functions.console;

import dev.sluice.functions.actor.ActorService;
import dev.sluice.functions.actor.ActorView;
import dev.sluice.functions.actor.GroupService;
import dev.sluice.functions.actor.GroupView;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.resource.ResourceService;
import dev.sluice.functions.resource.ResourceView;
import dev.sluice.functions.sql.RequestException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is called as it stands in a field, in the visitor's account: people know names, and no ids. Null if nothing
 * stands there.
 *
 * <p>All throw {@link RequestException}, about the field, when there is none of it, or more than one.
 */
@ApplicationScoped
class Called {
    /** As many as tell one from several. */
    private static final PageRequest FIRST = PageRequest.first(2);

    private final Visitor visitor;
    private final ActorService actors;
    private final GroupService groups;
    private final ResourceService resources;

    @Inject
    Called(Visitor visitor, ActorService actors, GroupService groups, ResourceService resources) {
        this.visitor = visitor;
        this.actors = actors;
        this.groups = groups;
        this.resources = resources;
    }

    /** By name or e-mail address. */
    @Nullable UUID person(Fields fields, String field) {
        return fields.one(
                field, "person", called -> actors.page(visitor.accountId(), FIRST, null, called, null), ActorView::id);
    }

    @Nullable UUID group(Fields fields, String field) {
        return fields.one(
                field, "group", called -> groups.page(visitor.accountId(), FIRST, null, called), GroupView::id);
    }

    /** By name or address. */
    @Nullable UUID resource(Fields fields, String field) {
        return fields.one(
                field,
                "resource",
                called -> resources.page(visitor.accountId(), FIRST, null, called, null, null),
                ResourceView::id);
    }
}
