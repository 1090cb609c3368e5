package dev.sluice.functions.revocation;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.OpenApi;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** After a backup was restored. */
@Path(Door.OPERATOR + "restored")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Operator", description = "What only whoever runs the portal may do, on the admin listener.")
@OnBehalf
@RunOnVirtualThread
public class RestoreApi {
    /** @param keepTokens whether clients stay signed in by the tokens that the backup has; they do not if absent */
    public record RestoreBody(@Nullable Boolean keepTokens) {}

    private final RestoreService restores;

    @Inject
    RestoreApi(RestoreService restores) {
        this.restores = restores;
    }

    @POST
    @APIResponse(responseCode = "200", description = OpenApi.DONE)
    @Operation(
            summary = "Say that the database was restored from a backup",
            description =
                    "Ends all flows, revokes clients' tokens, and goes on with generations above any that were ever given:"
                            + " nothing passes without a new decision.")
    public Envelope.One<RestoreService.Restored> restored(@RequestBody(required = false) @Nullable RestoreBody body) {
        return new Envelope.One<>(restores.restored(body != null && Boolean.TRUE.equals(body.keepTokens())));
    }
}
