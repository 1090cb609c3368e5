package dev.sluice.functions.identity;

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

/** Identity providers. */
@Path(IdentityProviderApi.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Identity providers", description = "By what people prove who they are when they sign in.")
@OnBehalf
@RunOnVirtualThread
public class IdentityProviderApi {
    static final String PATH = "/identity_providers";

    /** What is asked for, by its name. */
    @Schema(name = "IdentityProviderBody")
    public record Body(
            @NotNull(message = "is missing") @Valid IdentityProviderWanted identityProvider) {}

    private final IdentityProviderService providers;
    private final Creations creations;
    private final CurrentRequest request;

    @Inject
    IdentityProviderApi(IdentityProviderService providers, Creations creations, CurrentRequest request) {
        this.providers = providers;
        this.creations = creations;
        this.request = request;
    }

    @GET
    @Operation(
            summary = "List identity providers",
            description =
                    "In the order of their making; name narrows to those that begin so, called to the one of this name.")
    public Envelope.Many<IdentityProviderView> list(
            @BeanParam PageQuery query, @RestQuery @Nullable String name, @RestQuery @Nullable String called) {
        var page = query.request();
        return Envelope.of(providers.page(request.accountId(), page, name, called), page.limit());
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Show an identity provider")
    public RestResponse<Envelope.One<IdentityProviderView>> get(@RestPath UUID id) {
        return Envelope.of(providers.get(request.accountId(), id));
    }

    @POST
    @Operation(
            summary = "Create an identity provider",
            description =
                    "Tell the provider the redirect_uri of the answer. An account has one of types email and password.")
    public RestResponse<Envelope.One<IdentityProviderView>> create(
            @NotNull(message = "is missing") @Valid Body body, @RestHeader(Creations.KEY_HEADER) @Nullable String key) {
        UUID account = request.accountId();
        return creations.create(
                key, PATH, body, transaction -> providers.create(transaction, account, body.identityProvider()));
    }

    @PUT
    @Path("{id}")
    @Operation(
            summary = "Change an identity provider",
            description =
                    "What is absent stays. Whoever signed in by one that is disabled, or is another from then on, is"
                            + " signed out. One stays enabled.")
    public RestResponse<Envelope.One<IdentityProviderView>> update(
            @RestPath UUID id,
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return Envelope.of(providers.change(request.accountId(), id, body.identityProvider(), Expected.parse(ifMatch)));
    }

    @PATCH
    @Path("{id}")
    @Operation(summary = "Change an identity provider", description = "As with PUT.")
    public RestResponse<Envelope.One<IdentityProviderView>> patch(
            @RestPath UUID id,
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return update(id, body, ifMatch);
    }

    @DELETE
    @Path("{id}")
    @Operation(
            summary = "Delete an identity provider",
            description = "Whoever signed in by it is signed out. One stays enabled.")
    public RestResponse<Envelope.One<IdentityProviderView>> delete(
            @RestPath UUID id, @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return Envelope.of(providers.delete(request.accountId(), id, Expected.parse(ifMatch)));
    }
}
