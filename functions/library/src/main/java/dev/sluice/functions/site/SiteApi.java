package dev.sluice.functions.site;

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
import jakarta.validation.constraints.Pattern;
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

/** Sites, which the wire calls gateway groups. */
@Path(SiteApi.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Sites", description = "The places where gateways stand.")
@OnBehalf
@RunOnVirtualThread
public class SiteApi {
    static final String PATH = "/gateway_groups";

    /** What is asked for, by its name. */
    @Schema(name = "SiteBody")
    public record Body(
            @NotNull(message = "is missing") @Valid Wanted gatewayGroup) {}

    /** What a site is to be. */
    @Schema(name = "SiteWanted")
    public record Wanted(
            @NotNull(message = "is missing") @Pattern(regexp = SiteService.NAME, message = SiteService.NAME_RULE) String name) {}

    private final SiteService sites;
    private final Creations creations;
    private final CurrentRequest request;

    @Inject
    SiteApi(SiteService sites, Creations creations, CurrentRequest request) {
        this.sites = sites;
        this.creations = creations;
        this.request = request;
    }

    @GET
    @Operation(
            summary = "List sites",
            description =
                    "In the order of their making; name narrows to those that begin so, called to the one of this name.")
    public Envelope.Many<SiteView> list(
            @BeanParam PageQuery query, @RestQuery @Nullable String name, @RestQuery @Nullable String called) {
        var page = query.request();
        return Envelope.of(sites.page(request.accountId(), page, name, called), page.limit());
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Show a site")
    public RestResponse<Envelope.One<SiteView>> get(@RestPath UUID id) {
        return Envelope.of(sites.get(request.accountId(), id));
    }

    @POST
    @Operation(summary = "Create a site")
    public RestResponse<Envelope.One<SiteView>> create(
            @NotNull(message = "is missing") @Valid Body body, @RestHeader(Creations.KEY_HEADER) @Nullable String key) {
        UUID account = request.accountId();
        return creations.create(
                key,
                PATH,
                body,
                transaction ->
                        sites.create(transaction, account, body.gatewayGroup().name()));
    }

    @PUT
    @Path("{id}")
    @Operation(summary = "Rename a site")
    public RestResponse<Envelope.One<SiteView>> update(
            @RestPath UUID id,
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return Envelope.of(
                sites.rename(request.accountId(), id, body.gatewayGroup().name(), Expected.parse(ifMatch)));
    }

    @PATCH
    @Path("{id}")
    @Operation(summary = "Rename a site")
    public RestResponse<Envelope.One<SiteView>> patch(
            @RestPath UUID id,
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return update(id, body, ifMatch);
    }

    @DELETE
    @Path("{id}")
    @Operation(
            summary = "Delete a site",
            description = "Its gateways and their tokens go too, and what they served ends.")
    public RestResponse<Envelope.One<SiteView>> delete(
            @RestPath UUID id, @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return Envelope.of(sites.delete(request.accountId(), id, Expected.parse(ifMatch)));
    }
}
