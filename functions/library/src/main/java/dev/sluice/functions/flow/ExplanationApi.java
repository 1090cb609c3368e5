package dev.sluice.functions.flow;

import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.PageQuery;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Why somebody reaches something, or does not. */
@Path(FlowApi.PATH + "/explain")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Flows", description = "Which client may now reach which resource, through which gateway.")
@OnBehalf
@RunOnVirtualThread
public class ExplanationApi {
    private final ExplanationService explanations;
    private final CurrentRequest request;

    @Inject
    ExplanationApi(ExplanationService explanations, CurrentRequest request) {
        this.explanations = explanations;
        this.request = request;
    }

    @GET
    @Operation(
            summary = "Explain what would be decided",
            description =
                    "By the evaluation that decides, and without its effects: every policy about the resource, each"
                            + " condition with what it was held against, and the choice of the gateway.")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "404")
    public Envelope.One<Explanation> explain(
            @RestQuery("client_id") @Parameter(description = "From which client.") @Nullable String clientId,
            @RestQuery("actor_id") @Parameter(description = "Or who, wherever they may come from.") @Nullable String actorId,
            @RestQuery("resource_id") @Nullable String resourceId,
            @RestQuery
                    @Parameter(
                            description = "As of this time (RFC 3339); now if absent.",
                            schema = @Schema(format = "date-time"))
                    @Nullable String at,
            @RestQuery("remote_ip") @Parameter(description = "From this address instead.") @Nullable String remoteIp,
            @RestQuery @Parameter(description = "From this country instead (ISO 3166-1).") @Nullable String region) {
        var client = PageQuery.id("client_id", clientId);
        var actor = PageQuery.id("actor_id", actorId);
        var resource = PageQuery.id("resource_id", resourceId);
        if (resource == null || client == null && actor == null) {
            throw new BadRequestException("Say who is to reach what: client_id or actor_id, and resource_id.");
        }
        return new Envelope.One<>(explanations.explain(new ExplanationService.Question(
                request.accountId(), client, actor, resource, PageQuery.time("at", at), remoteIp, region)));
    }
}
