package dev.sluice.functions.policy;

import dev.sluice.functions.api.Creations;
import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.PageQuery;
import dev.sluice.functions.entity.Expected;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Policies. */
@Path(PolicyApi.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Policies", description = "Which group may reach which resource, under which conditions.")
@OnBehalf
@RunOnVirtualThread
public class PolicyApi {
    static final String PATH = "/policies";

    /** What is asked for, by its name. */
    @Schema(name = "PolicyBody")
    public record Body(
            @NotNull(message = "is missing") @Valid PolicyWanted policy) {}

    private final PolicyService policies;
    private final Creations creations;
    private final CurrentRequest request;

    @Inject
    PolicyApi(PolicyService policies, Creations creations, CurrentRequest request) {
        this.policies = policies;
        this.creations = creations;
        this.request = request;
    }

    @GET
    @Operation(
            summary = "List policies",
            description = "In the order of their making; actor_group_id and resource_id narrow to those of one.")
    public Envelope.Many<PolicyView> list(
            @BeanParam PageQuery query,
            @RestQuery("actor_group_id") @Nullable String groupId,
            @RestQuery("resource_id") @Nullable String resourceId) {
        var page = query.request();
        return Envelope.of(
                policies.page(
                        request.accountId(),
                        page,
                        PageQuery.id("actor_group_id", groupId),
                        PageQuery.id("resource_id", resourceId)),
                page.limit());
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Show a policy")
    public RestResponse<Envelope.One<PolicyView>> get(@RestPath UUID id) {
        return Envelope.of(policies.get(request.accountId(), id));
    }

    @POST
    @Operation(summary = "Create a policy")
    public RestResponse<Envelope.One<PolicyView>> create(
            @NotNull(message = "is missing") @Valid Body body, @RestHeader(Creations.KEY_HEADER) @Nullable String key) {
        UUID account = request.accountId();
        return creations.create(key, PATH, body, transaction -> policies.create(transaction, account, body.policy()));
    }

    @PUT
    @Path("{id}")
    @Operation(
            summary = "Change a policy",
            description = "What is absent stays. What it does not allow any more, and no other policy allows, ends.")
    public RestResponse<Envelope.One<PolicyView>> update(
            @RestPath UUID id,
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return Envelope.of(policies.change(request.accountId(), id, body.policy(), Expected.parse(ifMatch)));
    }

    @PATCH
    @Path("{id}")
    @Operation(summary = "Change a policy", description = "As with PUT.")
    public RestResponse<Envelope.One<PolicyView>> patch(
            @RestPath UUID id,
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return update(id, body, ifMatch);
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Delete a policy", description = "What it allowed, and no other policy allows, ends.")
    public RestResponse<Envelope.One<PolicyView>> delete(
            @RestPath UUID id, @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return Envelope.of(policies.delete(request.accountId(), id, Expected.parse(ifMatch)));
    }
}
