package dev.sluice.functions.directory.scim;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** What this server can do (RFC 7644, section 4), and what it can not. */
@Path(ScimPaths.ROOT)
@Consumes(MediaType.WILDCARD)
@Produces({ScimJson.MEDIA_TYPE, MediaType.APPLICATION_JSON, MediaType.WILDCARD})
@RunOnVirtualThread
public class ScimDiscoveryApi {
    private static final int NOT_IMPLEMENTED = 501;

    private static final ObjectNode CONFIGURATION = resource("service-provider-config.json");
    private static final List<ObjectNode> TYPES =
            List.of(resource("resource-type-user.json"), resource("resource-type-group.json"));
    private static final List<ObjectNode> SCHEMAS = List.of(
            resource("schema-user.json"), resource("schema-enterprise-user.json"), resource("schema-group.json"));

    private final ScimDoor door;

    @RestHeader(HttpHeaders.AUTHORIZATION)
    @Nullable String authorization;

    @Inject
    ScimDiscoveryApi(ScimDoor door) {
        this.door = door;
    }

    @GET
    @Path("ServiceProviderConfig")
    @Operation(hidden = true)
    public Response configuration() {
        return ScimDoor.found(CONFIGURATION);
    }

    @GET
    @Path("ResourceTypes")
    @Operation(hidden = true)
    public Response types() {
        return list(TYPES);
    }

    @GET
    @Path("ResourceTypes/{id}")
    @Operation(hidden = true)
    public Response type(@RestPath String id) {
        return one(TYPES, id);
    }

    @GET
    @Path("Schemas")
    @Operation(hidden = true)
    public Response schemas() {
        return list(SCHEMAS);
    }

    @GET
    @Path("Schemas/{id}")
    @Operation(hidden = true)
    public Response schema(@RestPath String id) {
        return one(SCHEMAS, id);
    }

    @POST
    @Path("Bulk")
    @Operation(hidden = true)
    public Response bulk() {
        return door.enter(
                authorization, directory -> refused("Bulk is not supported: send the operations one by one."));
    }

    @POST
    @Path(".search")
    @Operation(hidden = true)
    public Response search() {
        return door.enter(
                authorization, directory -> refused("Searches by POST are not supported: list Users or Groups."));
    }

    @GET
    @Path("Me")
    @Operation(hidden = true)
    public Response me() {
        return door.enter(authorization, directory -> refused("A directory's token is nobody's."));
    }

    private static Response refused(String why) {
        return ScimDoor.refusal(NOT_IMPLEMENTED, "", why);
    }

    private static Response one(List<ObjectNode> resources, String id) {
        return resources.stream()
                .filter(resource -> resource.path("id").asText().equals(id))
                .findFirst()
                .map(ScimDoor::found)
                .orElseGet(() -> ScimDoor.refusal(404, "", "There is nothing of this id."));
    }

    private static Response list(List<ObjectNode> resources) {
        return ScimDoor.found(new ScimPage(1, resources.size()).of(resources.size(), resources));
    }

    private static ObjectNode resource(String name) {
        try (InputStream file = Objects.requireNonNull(ScimDiscoveryApi.class.getResourceAsStream(name), name)) {
            return ScimJson.read(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
