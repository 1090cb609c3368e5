package dev.sluice.functions.device;

import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.PageQuery;
import dev.sluice.functions.entity.Expected;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The gateways of a site. They are made by signing in. */
@Path("/gateway_groups/{owner}/gateways")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Gateways", description = "The devices that stand beside resources.")
@OnBehalf
@RunOnVirtualThread
public class GatewayApi {
    private final GatewayService gateways;
    private final CurrentRequest request;

    @Inject
    GatewayApi(GatewayService gateways, CurrentRequest request) {
        this.gateways = gateways;
        this.request = request;
    }

    @GET
    @Operation(summary = "List the gateways of a site")
    public Envelope.Many<GatewayView> list(@RestPath UUID owner, @BeanParam PageQuery query) {
        var page = query.request();
        return Envelope.of(gateways.page(request.accountId(), owner, page), page.limit());
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Show a gateway")
    public RestResponse<Envelope.One<GatewayView>> get(@RestPath UUID owner, @RestPath UUID id) {
        return Envelope.of(gateways.get(request.accountId(), owner, id));
    }

    @DELETE
    @Path("{id}")
    @Operation(
            summary = "Delete a gateway",
            description = "What it serves ends. With a token that is still good it comes back as a new one.")
    public RestResponse<Envelope.One<GatewayView>> delete(
            @RestPath UUID owner, @RestPath UUID id, @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return Envelope.of(gateways.delete(request.accountId(), owner, id, Expected.parse(ifMatch)));
    }
}
