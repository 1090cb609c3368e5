package dev.sluice.functions.directory.scim;

import static dev.sluice.functions.directory.scim.ScimDoor.json;

import dev.sluice.functions.directory.Directory;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** {@code /Groups} (RFC 7644, section 3). */
@Path(ScimPaths.ROOT + ScimPaths.GROUPS)
@Consumes(MediaType.WILDCARD)
@Produces({ScimJson.MEDIA_TYPE, MediaType.APPLICATION_JSON, MediaType.WILDCARD})
@RunOnVirtualThread
public class ScimGroupApi {
    private final ScimDoor door;
    private final ScimGroups groups;

    @RestHeader(HttpHeaders.AUTHORIZATION)
    @Nullable String authorization;

    @RestHeader(HttpHeaders.IF_MATCH)
    @Nullable String ifMatch;

    @RestQuery
    @Nullable String attributes;

    @RestQuery
    @Nullable String excludedAttributes;

    @Context
    @SuppressWarnings("NullAway.Init")
    UriInfo uri;

    @Inject
    ScimGroupApi(ScimDoor door, ScimGroups groups) {
        this.door = door;
        this.groups = groups;
    }

    @GET
    @Operation(hidden = true)
    public Response list(
            @RestQuery @Nullable String filter,
            @RestQuery @Nullable String startIndex,
            @RestQuery @Nullable String count) {
        return door.enter(
                authorization,
                directory -> ScimDoor.found(groups.list(
                        directory,
                        ScimFilter.read(filter, ScimFilter::ofGroup),
                        ScimPage.read(startIndex, count),
                        view())));
    }

    @GET
    @Path("{id}")
    @Operation(hidden = true)
    public Response get(@RestPath String id) {
        return door.enter(authorization, directory -> answer(200, groups.get(directory, ScimId.of(id), view())));
    }

    @POST
    @Operation(hidden = true)
    public Response create(byte[] body) {
        return door.enter(authorization, directory -> {
            var said = ScimJson.read(body);
            return answer(
                    201,
                    groups.create(
                            directory, ScimGroup.read(said), ScimGroup.members(said.path(ScimGroup.MEMBERS)), view()));
        });
    }

    @PUT
    @Path("{id}")
    @Operation(hidden = true)
    public Response replace(@RestPath String id, byte[] body) {
        return door.enter(authorization, directory -> {
            var said = ScimJson.read(body);
            var wanted = new ScimGroup.Patched(
                    ScimGroup.read(said),
                    List.of(new ScimGroup.Change.Replace(ScimGroup.members(said.path(ScimGroup.MEMBERS)))));
            return change(directory, id, before -> wanted);
        });
    }

    @PATCH
    @Path("{id}")
    @Operation(hidden = true)
    public Response patch(@RestPath String id, byte[] body) {
        return door.enter(authorization, directory -> {
            var patch = ScimPatch.read(ScimJson.read(body), ScimGroup.SCHEMA, ScimGroup.ATTRIBUTES);
            return change(directory, id, before -> before.patched(patch));
        });
    }

    @DELETE
    @Path("{id}")
    @Operation(hidden = true)
    public Response delete(@RestPath String id) {
        return door.enter(authorization, directory -> {
            groups.delete(directory, ScimId.of(id), ScimId.expected(ifMatch));
            return Response.noContent().build();
        });
    }

    private Response change(Directory directory, String id, Function<ScimGroup, ScimGroup.Patched> change) {
        return answer(200, groups.change(directory, ScimId.of(id), ScimId.expected(ifMatch), change, view()));
    }

    private Response answer(int status, ScimGroups.Shown group) {
        return json(status, group.body())
                .header(HttpHeaders.ETAG, ScimView.tag(group.version()))
                .location(location(group))
                .build();
    }

    private ScimView view() {
        return ScimView.of(uri, attributes, excludedAttributes);
    }

    private URI location(ScimGroups.Shown group) {
        return Objects.requireNonNull(uri.getBaseUri()).resolve(ScimPaths.ROOT + ScimPaths.GROUPS + "/" + group.id());
    }
}
