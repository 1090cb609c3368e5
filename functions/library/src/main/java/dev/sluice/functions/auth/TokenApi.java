package dev.sluice.functions.auth;

import dev.sluice.functions.api.Creations;
import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.PageQuery;
import dev.sluice.functions.entity.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
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
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** All tokens of an account, and the secrets that each has. */
@Path(TokenApi.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Tokens", description = "What gateways, clients and programs sign in with.")
@OnBehalf
@RunOnVirtualThread
public class TokenApi {
    static final String PATH = "/tokens";

    private final TokenService tokens;
    private final Creations creations;
    private final CurrentRequest request;

    @Inject
    TokenApi(TokenService tokens, Creations creations, CurrentRequest request) {
        this.tokens = tokens;
        this.creations = creations;
        this.request = request;
    }

    @GET
    @Operation(
            summary = "List tokens",
            description =
                    "Of all sites, actors and directories, in the order of their making; called narrows to those of this name.")
    public Envelope.Many<TokenView> list(@BeanParam PageQuery query, @RestQuery @Nullable String called) {
        var page = query.request();
        return Envelope.of(tokens.page(request.accountId(), called, page), page.limit());
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Show a token", description = "Without its secrets.")
    public RestResponse<Envelope.One<TokenView>> get(@RestPath UUID id) {
        return Envelope.of(tokens.get(request.accountId(), id));
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Delete a token", description = "All access by it ends at once.")
    public RestResponse<Envelope.One<TokenView>> delete(@RestPath UUID id) {
        return Envelope.of(tokens.delete(request.accountId(), id));
    }

    @GET
    @Path("{id}/secrets")
    @Operation(
            summary = "List the secrets of a token",
            description = "When they were made and last used: it has one, or two while it is given a new one.")
    public Envelope.Many<TokenSecret> secrets(@RestPath UUID id) {
        var secrets = tokens.secrets(request.accountId(), id);
        return Envelope.of(new Page<>(secrets, (long) secrets.size(), null, null), TokenSecrets.MOST);
    }

    @POST
    @Path("{id}/secrets")
    @Operation(
            summary = "Give a token a second secret",
            description =
                    "Its text is shown in this answer, and never again. What signed in with the first one goes on.")
    public RestResponse<Envelope.One<IssuedSecretView>> addSecret(
            @RestPath UUID id, @RestHeader(Creations.KEY_HEADER) @Nullable String key) {
        UUID account = request.accountId();
        return creations.create(
                key,
                PATH + "/" + id + "/secrets",
                id,
                transaction -> IssuedSecretView.of(tokens.addSecret(transaction, account, id)));
    }

    @DELETE
    @Path("{id}/secrets/{secret}")
    @Operation(
            summary = "Withdraw one of a token's two secrets",
            description = "All access of what signed in with it ends at once.")
    public RestResponse<Envelope.One<TokenSecret>> withdrawSecret(@RestPath UUID id, @RestPath UUID secret) {
        return Envelope.of(tokens.withdrawSecret(request.accountId(), id, secret));
    }
}
