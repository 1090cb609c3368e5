package dev.sluice.functions.directory.sync;

import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.OpenApi;
import dev.sluice.functions.api.PageQuery;
import dev.sluice.functions.directory.DirectoryService;
import dev.sluice.functions.directory.DirectoryView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** When directories were asked, and what is held of what they say. */
@Path("/directories/{id}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@Tag(name = "Directories")
@OnBehalf
@RunOnVirtualThread
public class SyncApi {
    private final SyncService syncs;
    private final DirectoryService directories;
    private final CurrentRequest request;

    @Inject
    SyncApi(SyncService syncs, DirectoryService directories, CurrentRequest request) {
        this.syncs = syncs;
        this.directories = directories;
        this.request = request;
    }

    @GET
    @Path("runs")
    @Operation(
            summary = "List when a directory was asked",
            description = "In the order of their beginnings, and what came of each. The latest 200 are kept.")
    public Envelope.Many<RunView> runs(@RestPath UUID id, @BeanParam PageQuery query) {
        var page = query.request();
        return Envelope.of(syncs.runs(request.accountId(), id, page), page.limit());
    }

    @POST
    @Path("runs")
    @Operation(summary = "Ask a directory now", description = "Within some seconds, and again after ten minutes.")
    @APIResponse(responseCode = "200", description = OpenApi.DONE)
    public RestResponse<Envelope.One<DirectoryView>> run(@RestPath UUID id) {
        return Envelope.of(directories.want(request.accountId(), id));
    }

    @GET
    @Path("held")
    @Operation(
            summary = "List what is held",
            description = "What the directory does not mention any more, where that is much at once.")
    public Envelope.Many<HeldView> held(@RestPath UUID id, @BeanParam PageQuery query) {
        var page = query.request();
        return Envelope.of(syncs.held(request.accountId(), id, page), page.limit());
    }

    @POST
    @Path("held/apply")
    @Operation(summary = "Take away what is held", description = "All access that it gave ends at once.")
    @APIResponse(responseCode = "200", description = OpenApi.DONE)
    public RestResponse<Envelope.One<DirectoryView>> apply(@RestPath UUID id) {
        syncs.apply(request.accountId(), id);
        return Envelope.of(directories.get(request.accountId(), id));
    }

    @POST
    @Path("held/discard")
    @Operation(
            summary = "Keep what is held",
            description = "It stays until the directory mentions it again, and then goes as others do.")
    @APIResponse(responseCode = "200", description = OpenApi.DONE)
    public RestResponse<Envelope.One<DirectoryView>> discard(@RestPath UUID id) {
        syncs.discard(request.accountId(), id);
        return Envelope.of(directories.get(request.accountId(), id));
    }
}
