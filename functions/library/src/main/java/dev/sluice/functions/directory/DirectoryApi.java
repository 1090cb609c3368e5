package dev.sluice.functions.directory;

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
import java.util.Locale;
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

/** Directories. */
@Path(DirectoryApi.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Directories", description = "Where people and groups are administered that are not here.")
@OnBehalf
@RunOnVirtualThread
public class DirectoryApi {
    static final String PATH = "/directories";

    private static final String PEOPLE_WORDS = "keep|delete";

    /** What is asked for, by its name. */
    @Schema(name = "DirectoryBody")
    public record Body(
            @NotNull(message = "is missing") @Valid DirectoryWanted directory) {}

    private final DirectoryService directories;
    private final Creations creations;
    private final CurrentRequest request;

    @Inject
    DirectoryApi(DirectoryService directories, Creations creations, CurrentRequest request) {
        this.directories = directories;
        this.creations = creations;
        this.request = request;
    }

    @GET
    @Operation(
            summary = "List directories",
            description =
                    "In the order of their making; name narrows to those that begin so, called to the one of this name.")
    public Envelope.Many<DirectoryView> list(
            @BeanParam PageQuery query, @RestQuery @Nullable String name, @RestQuery @Nullable String called) {
        var page = query.request();
        return Envelope.of(directories.page(request.accountId(), page, name, called), page.limit());
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Show a directory")
    public RestResponse<Envelope.One<DirectoryView>> get(@RestPath UUID id) {
        return Envelope.of(directories.get(request.accountId(), id));
    }

    @POST
    @Operation(
            summary = "Create a directory",
            description = "One of type scim calls the portal at /integrations/scim/v2, with a token of its own.")
    public RestResponse<Envelope.One<DirectoryView>> create(
            @NotNull(message = "is missing") @Valid Body body, @RestHeader(Creations.KEY_HEADER) @Nullable String key) {
        UUID account = request.accountId();
        return creations.create(
                key, PATH, body, transaction -> directories.create(transaction, account, body.directory()));
    }

    @PUT
    @Path("{id}")
    @Operation(
            summary = "Change a directory",
            description =
                    "What is absent stays. Of one that is disabled nothing is heard, and its people stay as they are.")
    public RestResponse<Envelope.One<DirectoryView>> update(
            @RestPath UUID id,
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return Envelope.of(directories.change(request.accountId(), id, body.directory(), Expected.parse(ifMatch)));
    }

    @PATCH
    @Path("{id}")
    @Operation(summary = "Change a directory", description = "As with PUT.")
    public RestResponse<Envelope.One<DirectoryView>> patch(
            @RestPath UUID id,
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return update(id, body, ifMatch);
    }

    @DELETE
    @Path("{id}")
    @Operation(
            summary = "Delete a directory",
            description =
                    "With its tokens. If it has made users or groups, people says what becomes of them: keep makes them the"
                            + " account's own, delete ends all access that they have.")
    public RestResponse<Envelope.One<DirectoryView>> delete(
            @RestPath UUID id,
            @RestQuery @Parameter(schema = @Schema(pattern = PEOPLE_WORDS)) @Nullable String people,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        var word = PageQuery.word("people", people, PEOPLE_WORDS);
        return Envelope.of(directories.delete(
                request.accountId(),
                id,
                word == null ? null : DirectoryService.People.valueOf(word.toUpperCase(Locale.ROOT)),
                Expected.parse(ifMatch)));
    }
}
