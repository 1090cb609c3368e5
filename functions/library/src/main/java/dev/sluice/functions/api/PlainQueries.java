package dev.sluice.functions.api;

import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.List;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses queries that could be taken for others. One that names an id, a type or a time and has none, as a program sends it
 * whose variable was not set, would be about everything; of one that says something twice, two readers could take two. The
 * forms of pages send every field, the empty ones too: those may be left empty.
 */
public class PlainQueries {
    /** What is no free text, beside ids. */
    private static final Set<String> CHOSEN = Set.of("limit", "type", "people", "since", "until", "at");

    private final RoutingContext routing;

    @Inject
    PlainQueries(RoutingContext routing) {
        this.routing = routing;
    }

    @ServerRequestFilter
    void refuse(ContainerRequestContext request) {
        boolean isForm = Door.of(routing) == Door.WEB;
        request.getUriInfo().getQueryParameters().forEach((name, values) -> refuse(name, values, isForm));
    }

    private static void refuse(String name, List<String> values, boolean isForm) {
        if (values.size() > 1) {
            throw new BadRequestException("The query says the same twice: each part of it has one value.");
        }
        if (!isForm && values.contains("") && (name.endsWith("_id") || CHOSEN.contains(name))) {
            throw new BadRequestException("The query has an empty "
                    + (CHOSEN.contains(name) ? "'" + name + "'" : "'…_id'") + ": leave it out, or say which.");
        }
    }
}
