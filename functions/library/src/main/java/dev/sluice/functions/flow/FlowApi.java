package dev.sluice.functions.flow;

import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Deleted;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.PageQuery;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Flows. Clients make them, by asking; here they are seen, shortened and ended. */
@Path(FlowApi.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Flows", description = "Which client may now reach which resource, through which gateway.")
@OnBehalf
@RunOnVirtualThread
public class FlowApi {
    static final String PATH = "/flows";

    /** What is asked for, by its name. */
    @Schema(name = "FlowBody")
    public record Body(
            @NotNull(message = "is missing") @Valid FlowWanted flow) {}

    private final FlowService flows;
    private final CurrentRequest request;

    @Inject
    FlowApi(FlowService flows, CurrentRequest request) {
        this.flows = flows;
        this.request = request;
    }

    @GET
    @Operation(
            summary = "List flows",
            description = "In the order of their making; client_id and resource_id narrow to those of one.")
    public Envelope.Many<Flow> list(
            @BeanParam PageQuery query,
            @RestQuery("client_id") @Nullable String clientId,
            @RestQuery("resource_id") @Nullable String resourceId) {
        var page = query.request();
        return Envelope.of(
                flows.page(
                        request.accountId(),
                        null,
                        PageQuery.id("client_id", clientId),
                        PageQuery.id("resource_id", resourceId),
                        page),
                page.limit());
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Show a flow")
    public RestResponse<Envelope.One<Flow>> get(@RestPath UUID id) {
        return Envelope.of(flows.get(request.accountId(), id));
    }

    @PUT
    @Path("{id}")
    @Operation(
            summary = "Let a flow end sooner",
            description = "Its gateway is told. A client whom a policy still allows it may ask again.")
    public RestResponse<Envelope.One<Flow>> expire(
            @RestPath UUID id, @NotNull(message = "is missing") @Valid Body body) {
        return Envelope.of(flows.expire(
                request.accountId(), id, Duration.ofSeconds(body.flow().expiresIn())));
    }

    @DELETE
    @Path("{id}")
    @Operation(
            summary = "End a flow at once",
            description = "Its gateway drops the access. A client whom a policy still allows it may ask again.")
    public RestResponse<Envelope.One<Flow>> end(@RestPath UUID id) {
        return Envelope.of(flows.end(request.accountId(), id));
    }

    @DELETE
    @Operation(
            summary = "End the flows of a client, or to a resource, at once",
            description = "Those of client_id, those to resource_id, or with both those of the one to the other.")
    public Deleted endAll(
            @RestQuery("client_id") @Nullable String clientId, @RestQuery("resource_id") @Nullable String resourceId) {
        UUID client = PageQuery.id("client_id", clientId);
        UUID resource = PageQuery.id("resource_id", resourceId);
        if (client == null && resource == null) {
            throw new BadRequestException("Say whose flows are to end: client_id, resource_id, or both.");
        }
        return Deleted.of(flows.endAll(request.accountId(), client, resource));
    }
}
