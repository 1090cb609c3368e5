package dev.sluice.functions.actor;

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

/** Actors: people, service accounts and API clients. */
@Path(ActorApi.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Actors", description = "People, service accounts and API clients.")
@OnBehalf
@RunOnVirtualThread
public class ActorApi {
    static final String PATH = "/actors";

    /** What is asked for, by its name. */
    @Schema(name = "ActorBody")
    public record Body(
            @NotNull(message = "is missing") @Valid ActorWanted actor) {}

    private final ActorService actors;
    private final Creations creations;
    private final CurrentRequest request;

    @Inject
    ActorApi(ActorService actors, Creations creations, CurrentRequest request) {
        this.actors = actors;
        this.creations = creations;
        this.request = request;
    }

    @GET
    @Operation(
            summary = "List actors",
            description =
                    "In the order of their making; name narrows to those that begin so, called to those of this name or"
                            + " e-mail address, type to those of one type.")
    public Envelope.Many<ActorView> list(
            @BeanParam PageQuery query,
            @RestQuery @Nullable String name,
            @RestQuery @Nullable String called,
            @RestQuery @Parameter(schema = @Schema(pattern = ActorType.API_WORDS)) @Nullable String type) {
        var page = query.request();
        var only = PageQuery.word("type", type, ActorType.API_WORDS);
        return Envelope.of(
                actors.page(
                        request.accountId(),
                        page,
                        name,
                        called,
                        only == null ? null : ActorType.ofApi(only).orElseThrow()),
                page.limit());
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Show an actor")
    public RestResponse<Envelope.One<ActorView>> get(@RestPath UUID id) {
        return Envelope.of(actors.get(request.accountId(), id));
    }

    @POST
    @Operation(summary = "Create an actor")
    public RestResponse<Envelope.One<ActorView>> create(
            @NotNull(message = "is missing") @Valid Body body, @RestHeader(Creations.KEY_HEADER) @Nullable String key) {
        UUID account = request.accountId();
        return creations.create(key, PATH, body, transaction -> actors.create(transaction, account, body.actor()));
    }

    @PUT
    @Path("{id}")
    @Operation(
            summary = "Change an actor",
            description = "What is absent stays. Who is disabled loses their tokens, and all access with them.")
    public RestResponse<Envelope.One<ActorView>> update(
            @RestPath UUID id,
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return Envelope.of(actors.change(request.accountId(), id, body.actor(), Expected.parse(ifMatch)));
    }

    @PATCH
    @Path("{id}")
    @Operation(summary = "Change an actor", description = "As with PUT.")
    public RestResponse<Envelope.One<ActorView>> patch(
            @RestPath UUID id,
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return update(id, body, ifMatch);
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Delete an actor", description = "All that they have goes too, and their access ends.")
    public RestResponse<Envelope.One<ActorView>> delete(
            @RestPath UUID id, @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return Envelope.of(actors.delete(request.accountId(), id, Expected.parse(ifMatch)));
    }
}
