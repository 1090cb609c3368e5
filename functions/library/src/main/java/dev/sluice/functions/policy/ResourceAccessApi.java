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

/** Who may reach a resource. */
@Path("/resources/{owner}/actors")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Access", description = "Who may reach what, before anybody asks.")
@OnBehalf
@RunOnVirtualThread
public class ResourceAccessApi {
    private final AccessOverview overview;
    private final CurrentRequest request;

    @Inject
    ResourceAccessApi(AccessOverview overview, CurrentRequest request) {
        this.overview = overview;
        this.request = request;
    }

    @GET
    @Operation(
            summary = "List who may reach a resource",
            description = "By policies that are enabled, of actors who are; each with the ways that lead there.")
    public Envelope.Many<AccessOverview.Reaching> list(@RestPath UUID owner, @BeanParam PageQuery query) {
        var page = query.request();
        return Envelope.of(overview.toResource(request.accountId(), owner, page), page.limit());
    }
}
