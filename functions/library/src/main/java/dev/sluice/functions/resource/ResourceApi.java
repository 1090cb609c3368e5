package dev.sluice.functions.resource;

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
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Resources. */
@Path(ResourceApi.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Resources", description = "What is protected: names, networks, addresses, the internet.")
@OnBehalf
@RunOnVirtualThread
public class ResourceApi {
    static final String PATH = "/resources";

    /** What is asked for, by its name. */
    @Schema(name = "ResourceBody")
    public record Body(
            @NotNull(message = "is missing") @Valid ResourceWanted resource) {}

    private final ResourceService resources;
    private final Creations creations;
    private final CurrentRequest request;

    @Inject
    ResourceApi(ResourceService resources, Creations creations, CurrentRequest request) {
        this.resources = resources;
        this.creations = creations;
        this.request = request;
    }

    @GET
    @Operation(
            summary = "List resources",
            description =
                    "In the order of their making; name narrows to those that begin so, called to those of this name or"
                            + " address, type and address to those"
                            + " that have it.")
    public Envelope.Many<ResourceView> list(
            @BeanParam PageQuery query,
            @RestQuery @Nullable String name,
            @RestQuery @Nullable String called,
            @RestQuery @Parameter(schema = @Schema(pattern = ResourceType.WORDS)) @Nullable String type,
            @RestQuery @Nullable String address) {
        var page = query.request();
        var only = PageQuery.word("type", type, ResourceType.WORDS);
        return Envelope.of(resources.page(request.accountId(), page, name, called, only, address), page.limit());
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Show a resource")
    public RestResponse<Envelope.One<ResourceView>> get(@RestPath UUID id) {
        return Envelope.of(resources.get(request.accountId(), id));
    }

    @POST
    @Operation(summary = "Create a resource")
    public RestResponse<Envelope.One<ResourceView>> create(
            @NotNull(message = "is missing") @Valid Body body, @RestHeader(Creations.KEY_HEADER) @Nullable String key) {
        UUID account = request.accountId();
        return creations.create(
                key, PATH, body, transaction -> resources.create(transaction, account, body.resource()));
    }

    @PUT
    @Path("{id}")
    @Operation(
            summary = "Change a resource",
            description = "What is absent stays. What gets another address, or other sites, is reached anew.")
    public RestResponse<Envelope.One<ResourceView>> update(
            @RestPath UUID id,
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return Envelope.of(resources.change(request.accountId(), id, body.resource(), Expected.parse(ifMatch)));
    }

    @PATCH
    @Path("{id}")
    @Operation(summary = "Change a resource", description = "As with PUT.")
    public RestResponse<Envelope.One<ResourceView>> patch(
            @RestPath UUID id,
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return update(id, body, ifMatch);
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Delete a resource", description = "Its policies go too, and all access to it ends.")
    public RestResponse<Envelope.One<ResourceView>> delete(
            @RestPath UUID id, @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return Envelope.of(resources.delete(request.accountId(), id, Expected.parse(ifMatch)));
    }
}
