package dev.sluice.functions.api;

import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.List;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses queries that could be taken for others. One that names an id, a type or a time and has none, as a program sends it
 * whose variable was not set, would be about everything; of one that says something twice, two readers could take two.
 */
public class PlainQueries {
    /** What is no free text, beside ids. */
    private static final Set<String> CHOSEN = Set.of("limit", "type", "people", "since", "until", "at");

    @ServerRequestFilter
    void refuse(ContainerRequestContext request) {
        request.getUriInfo().getQueryParameters().forEach(PlainQueries::refuse);
    }

    private static void refuse(String name, List<String> values) {
        if (values.size() > 1) {
            throw new BadRequestException("The query says the same twice: each part of it has one value.");
        }
        if (values.contains("") && (name.endsWith("_id") || CHOSEN.contains(name))) {
            throw new BadRequestException("The query has an empty "
                    + (CHOSEN.contains(name) ? "'" + name + "'" : "'…_id'") + ": leave it out, or say which.");
        }
    }
}
