package dev.sluice.functions.identity;

import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.PageQuery;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** As whom somebody is known at which provider. */
@Path("/actors/{owner}/identities")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Identities", description = "As whom people are known at identity providers.")
@OnBehalf
@RunOnVirtualThread
public class IdentityApi {
    private final IdentityService identities;
    private final CurrentRequest request;

    @Inject
    IdentityApi(IdentityService identities, CurrentRequest request) {
        this.identities = identities;
        this.request = request;
    }

    @GET
    @Operation(
            summary = "List the identities of an actor",
            description =
                    "One is made when somebody signs in by a provider for the first time, or is given a password.")
    public Envelope.Many<IdentityView> list(@RestPath UUID owner, @BeanParam PageQuery query) {
        var page = query.request();
        return Envelope.of(identities.page(request.accountId(), owner, page), page.limit());
    }

    @DELETE
    @Path("{id}")
    @Operation(
            summary = "Delete an identity",
            description =
                    "Who came in by it is signed out, and a password goes with it. Who still has the address that the provider"
                            + " gives out is found by it again when they sign in.")
    public RestResponse<Envelope.One<IdentityView>> delete(@RestPath UUID owner, @RestPath UUID id) {
        return Envelope.of(identities.delete(request.accountId(), owner, id));
    }
}
