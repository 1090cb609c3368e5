package dev.sluice.functions.directory.workos;

import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Where an admin links their directory at WorkOS. */
@Path("/directories/{id}/setup_links")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Directories")
@OnBehalf
@RunOnVirtualThread
public class WorkOsSetUpApi {
    /** Where whoever links it comes back to; nowhere if it is absent. */
    @Schema(name = "SetUpLinkWanted")
    public record Wanted(
            @Pattern(regexp = "https?://[!-~]{1,2000}", message = "is a URL, http:// or https://") @Size(max = 2008, message = "has 2008 characters at most")
            @Nullable String returnUrl) {}

    /** What is asked for, by its name. */
    @Schema(name = "SetUpLinkBody")
    public record Body(
            @NotNull(message = "is missing") @Valid Wanted setupLink) {}

    /** @param url to be opened by whoever administers the directory, within five minutes */
    public record SetUpLinkView(String url) {}

    private final WorkOsSetUp setUp;
    private final CurrentRequest request;

    @Inject
    WorkOsSetUpApi(WorkOsSetUp setUp, CurrentRequest request) {
        this.setUp = setUp;
        this.request = request;
    }

    @POST
    @Operation(
            summary = "Make a set-up link",
            description = "A page of WorkOS, on which whoever administers the directory links it.")
    @APIResponse(responseCode = "200")
    public RestResponse<Envelope.One<SetUpLinkView>> open(
            @RestPath UUID id, @NotNull(message = "is missing") @Valid Body body) {
        var link = new SetUpLinkView(
                setUp.link(request.accountId(), id, body.setupLink().returnUrl()));
        return RestResponse.status(RestResponse.Status.CREATED, new Envelope.One<>(link));
    }
}
