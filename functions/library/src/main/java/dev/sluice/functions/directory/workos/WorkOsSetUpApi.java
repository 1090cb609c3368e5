package dev.sluice.functions.directory.workos;

import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.directory.DirectoryService;
import dev.sluice.functions.directory.DirectoryType;
import dev.sluice.functions.directory.sync.DirectoryFailure;
import dev.sluice.functions.directory.sync.DirectorySource;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transactions;
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

    private final WorkOsApi workos;
    private final DirectoryService directories;
    private final Transactions transactions;
    private final CurrentRequest request;

    @Inject
    WorkOsSetUpApi(WorkOsApi workos, DirectoryService directories, Transactions transactions, CurrentRequest request) {
        this.workos = workos;
        this.directories = directories;
        this.transactions = transactions;
        this.request = request;
    }

    @POST
    @Operation(
            summary = "Make a set-up link",
            description = "A page of WorkOS, on which whoever administers the directory links it.")
    @APIResponse(responseCode = "200")
    public RestResponse<Envelope.One<SetUpLinkView>> open(
            @RestPath UUID id, @NotNull(message = "is missing") @Valid Body body) {
        UUID account = request.accountId();
        DirectorySource source = transactions
                .inAccount(account)
                .glance(transaction -> DirectorySource.read(transaction, account, id))
                .orElseThrow(() -> RequestException.notFound("There is no directory " + id + "."));
        if (!source.type().equals(DirectoryType.WORKOS.word())) {
            throw RequestException.conflict("Only a directory of type workos is linked so.");
        }
        try {
            String organization = source.organizationId();
            if (organization == null) {
                organization =
                        directories.belong(account, id, workos.createOrganization("Sluice " + account + " " + id));
            }
            var link = new SetUpLinkView(
                    workos.setUpLink(organization, body.setupLink().returnUrl()));
            return RestResponse.status(RestResponse.Status.CREATED, new Envelope.One<>(link));
        } catch (DirectoryFailure e) {
            throw RequestException.conflict(e.getMessage());
        }
    }
}
