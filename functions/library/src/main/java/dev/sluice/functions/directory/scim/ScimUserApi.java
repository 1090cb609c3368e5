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
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** {@code /Users} (RFC 7644, section 3). */
@Path(ScimPaths.ROOT + ScimPaths.USERS)
@Consumes(MediaType.WILDCARD)
@Produces({ScimJson.MEDIA_TYPE, MediaType.APPLICATION_JSON, MediaType.WILDCARD})
@RunOnVirtualThread
public class ScimUserApi {
    private final ScimDoor door;
    private final ScimUsers users;

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
    ScimUserApi(ScimDoor door, ScimUsers users) {
        this.door = door;
        this.users = users;
    }

    @GET
    @Operation(hidden = true)
    public Response list(
            @RestQuery @Nullable String filter,
            @RestQuery @Nullable String startIndex,
            @RestQuery @Nullable String count) {
        return door.enter(
                authorization,
                directory -> ScimDoor.found(users.list(
                        directory,
                        ScimFilter.read(filter, ScimFilter::ofUser),
                        ScimPage.read(startIndex, count),
                        view())));
    }

    @GET
    @Path("{id}")
    @Operation(hidden = true)
    public Response get(@RestPath String id) {
        return door.enter(authorization, directory -> answer(200, users.get(directory, ScimId.of(id))));
    }

    @POST
    @Operation(hidden = true)
    public Response create(byte[] body) {
        return door.enter(
                authorization, directory -> answer(201, users.create(directory, ScimUser.read(ScimJson.read(body)))));
    }

    @PUT
    @Path("{id}")
    @Operation(hidden = true)
    public Response replace(@RestPath String id, byte[] body) {
        return door.enter(authorization, directory -> {
            ScimUser wanted = ScimUser.read(ScimJson.read(body));
            return change(directory, id, before -> wanted);
        });
    }

    @PATCH
    @Path("{id}")
    @Operation(hidden = true)
    public Response patch(@RestPath String id, byte[] body) {
        return door.enter(authorization, directory -> {
            var patch = ScimPatch.read(ScimJson.read(body), ScimUser.SCHEMA, ScimUser.ATTRIBUTES);
            return change(directory, id, before -> {
                var whole = before.whole();
                patch.apply(whole);
                return ScimUser.read(whole);
            });
        });
    }

    @DELETE
    @Path("{id}")
    @Operation(hidden = true)
    public Response delete(@RestPath String id) {
        return door.enter(authorization, directory -> {
            users.delete(directory, ScimId.of(id), ScimId.expected(ifMatch));
            return Response.noContent().build();
        });
    }

    private Response change(Directory directory, String id, UnaryOperator<ScimUser> change) {
        UUID of = ScimId.of(id);
        return answer(200, users.change(directory, of, ScimId.expected(ifMatch), change));
    }

    private Response answer(int status, ScimUsers.Kept user) {
        var body = view().of(user);
        return json(status, body)
                .header(HttpHeaders.ETAG, ScimView.tag(user.version()))
                .location(location(ScimPaths.USERS, user.id()))
                .build();
    }

    private ScimView view() {
        return ScimView.of(uri, attributes, excludedAttributes);
    }

    private URI location(String path, UUID id) {
        return Objects.requireNonNull(uri.getBaseUri()).resolve(ScimPaths.ROOT + path + "/" + id);
    }
}
