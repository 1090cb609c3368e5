package dev.sluice.functions.policy;

import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.PageQuery;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/** What an actor may reach. */
@Path("/actors/{owner}/resources")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Access", description = "Who may reach what, before anybody asks.")
@OnBehalf
@RunOnVirtualThread
public class ActorAccessApi {
    private final AccessOverview overview;
    private final CurrentRequest request;

    @Inject
    ActorAccessApi(AccessOverview overview, CurrentRequest request) {
        this.overview = overview;
        this.request = request;
    }

    @GET
    @Operation(
            summary = "List what an actor may reach",
            description = "By policies that are enabled, and of an actor who is; each with the ways that lead there.")
    public Envelope.Many<AccessOverview.Reached> list(@RestPath UUID owner, @BeanParam PageQuery query) {
        var page = query.request();
        return Envelope.of(overview.ofActor(request.accountId(), owner, page), page.limit());
    }
}
