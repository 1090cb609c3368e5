package dev.sluice.functions.auth;

import dev.sluice.functions.api.Creations;
import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Deleted;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.PageQuery;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The tokens of an actor: for their clients, or, of an API client, for its requests. */
@Path("/actors/{owner}/client_tokens")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Tokens", description = "What gateways, clients and programs sign in with.")
@OnBehalf
@RunOnVirtualThread
public class ActorTokenApi {
    private final TokenService tokens;
    private final Creations creations;
    private final CurrentRequest request;

    @Inject
    ActorTokenApi(TokenService tokens, Creations creations, CurrentRequest request) {
        this.tokens = tokens;
        this.creations = creations;
        this.request = request;
    }

    @GET
    @Operation(summary = "List the tokens of an actor")
    public Envelope.Many<TokenView> list(@RestPath UUID owner, @BeanParam PageQuery query) {
        var page = query.request();
        return Envelope.of(tokens.page(request.accountId(), TokenOwner.ACTOR, owner, page), page.limit());
    }

    @POST
    @Operation(
            summary = "Create a token of an actor",
            description =
                    "Its text is shown in this answer, and never again. It is good for a week if nothing else is said.")
    public RestResponse<Envelope.One<IssuedView>> create(
            @RestPath UUID owner,
            @RequestBody(required = false) @Valid @Nullable TokenBody body,
            @RestHeader(Creations.KEY_HEADER) @Nullable String key) {
        UUID account = request.accountId();
        var wanted = TokenBody.wanted(body);
        return creations.create(
                key,
                "/actors/" + owner + "/client_tokens",
                wanted,
                transaction -> IssuedView.of(tokens.create(
                        transaction, account, TokenOwner.ACTOR, owner, wanted.name(), wanted.expiry(transaction))));
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Delete a token of an actor", description = "All access by it ends at once.")
    public RestResponse<Envelope.One<TokenView>> delete(@RestPath UUID owner, @RestPath UUID id) {
        return Envelope.of(tokens.delete(request.accountId(), TokenOwner.ACTOR, owner, id));
    }

    @DELETE
    @Operation(
            summary = "Delete all tokens of an actor",
            description = "All access by them ends at once, and they are signed out of the console.")
    public Deleted deleteAll(@RestPath UUID owner) {
        return Deleted.of(tokens.deleteAll(request.accountId(), TokenOwner.ACTOR, owner));
    }
}
