package dev.sluice.functions.api;

import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses queries that could be taken for others. One that names an id and has none, as a program sends it whose variable was
 * not set, would be about everything; of one that says something twice, two readers could take two.
 */
public class PlainQueries {
    private static final String LIMIT = "limit";

    @ServerRequestFilter
    void refuse(ContainerRequestContext request) {
        request.getUriInfo().getQueryParameters().forEach(PlainQueries::refuse);
    }

    private static void refuse(String name, List<String> values) {
        if (values.size() > 1) {
            throw new BadRequestException("The query says the same twice: each part of it has one value.");
        }
        if (values.contains("") && (name.endsWith("_id") || name.equals(LIMIT))) {
            throw new BadRequestException("The query has an empty " + (name.equals(LIMIT) ? "'limit'" : "'…_id'")
                    + ": leave it out, or say which.");
        }
    }
}
