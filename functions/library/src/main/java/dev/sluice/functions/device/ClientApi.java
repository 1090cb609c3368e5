package dev.sluice.functions.device;

import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.Name;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.PageQuery;
import dev.sluice.functions.entity.Expected;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
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

/** Clients. They are made by signing in. */
@Path(ClientApi.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Clients", description = "The devices from which actors reach resources.")
@OnBehalf
@RunOnVirtualThread
public class ClientApi {
    static final String PATH = "/clients";

    /** What is asked for, by its name. */
    @Schema(name = "ClientBody")
    public record Body(
            @NotNull(message = "is missing") @Valid Wanted client) {}

    /** What a client is to be. */
    @Schema(name = "ClientWanted")
    public record Wanted(
            @NotNull(message = "is missing") @Pattern(regexp = Name.PATTERN, message = Name.RULE) String name) {}

    private final ClientService clients;
    private final CurrentRequest request;

    @Inject
    ClientApi(ClientService clients, CurrentRequest request) {
        this.clients = clients;
        this.request = request;
    }

    @GET
    @Operation(
            summary = "List clients",
            description =
                    "In the order of their making; name narrows to those that begin so, actor_id to those of one.")
    public Envelope.Many<ClientView> list(
            @BeanParam PageQuery query,
            @RestQuery @Nullable String name,
            @RestQuery("actor_id") @Nullable String actorId) {
        var page = query.request();
        return Envelope.of(
                clients.page(request.accountId(), page, name, PageQuery.id("actor_id", actorId)), page.limit());
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Show a client")
    public RestResponse<Envelope.One<ClientView>> get(@RestPath UUID id) {
        return Envelope.of(clients.get(request.accountId(), id));
    }

    @PUT
    @Path("{id}")
    @Operation(summary = "Rename a client")
    public RestResponse<Envelope.One<ClientView>> update(
            @RestPath UUID id,
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return Envelope.of(clients.rename(request.accountId(), id, body.client().name(), Expected.parse(ifMatch)));
    }

    @PATCH
    @Path("{id}")
    @Operation(summary = "Rename a client")
    public RestResponse<Envelope.One<ClientView>> patch(
            @RestPath UUID id,
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return update(id, body, ifMatch);
    }

    @PUT
    @Path("{id}/verify")
    @Operation(summary = "Say that a client is whose it claims to be", description = "Conditions may ask for that.")
    public RestResponse<Envelope.One<ClientView>> verify(
            @RestPath UUID id, @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return Envelope.of(clients.verify(request.accountId(), id, true, Expected.parse(ifMatch)));
    }

    @PUT
    @Path("{id}/unverify")
    @Operation(summary = "Take that back", description = "What policies allow to verified clients alone ends.")
    public RestResponse<Envelope.One<ClientView>> unverify(
            @RestPath UUID id, @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return Envelope.of(clients.verify(request.accountId(), id, false, Expected.parse(ifMatch)));
    }

    @DELETE
    @Path("{id}")
    @Operation(
            summary = "Delete a client",
            description = "Its access ends. With a token that is still good it comes back as a new one.")
    public RestResponse<Envelope.One<ClientView>> delete(
            @RestPath UUID id, @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return Envelope.of(clients.delete(request.accountId(), id, Expected.parse(ifMatch)));
    }
}
