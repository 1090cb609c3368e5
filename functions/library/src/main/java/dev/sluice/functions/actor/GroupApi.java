package dev.sluice.functions.actor;

import dev.sluice.functions.api.Creations;
import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.Name;
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
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Groups, and who is in them. */
@Path(GroupApi.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Groups", description = "Groups of actors, which policies let reach resources.")
@OnBehalf
@RunOnVirtualThread
public class GroupApi {
    static final String PATH = "/actor_groups";

    /** What is asked for, by its name. */
    @Schema(name = "GroupBody")
    public record Body(
            @NotNull(message = "is missing") @Valid Wanted actorGroup) {}

    /** What a group is to be. */
    @Schema(name = "GroupWanted")
    public record Wanted(
            @NotNull(message = "is missing") @Pattern(regexp = Name.PATTERN, message = Name.RULE) String name) {}

    /** Who is to be in the group. */
    @Schema(name = "MembershipsReplacement")
    public record Replacement(
            @NotNull(message = "is missing") List<@NotNull(message = "is missing") @Valid Member> memberships) {}

    /** One of them. */
    public record Member(@NotNull(message = "is missing") UUID actorId) {}

    /** Who is to be in the group, and who is not to be any more. */
    @Schema(name = "MembershipsBody")
    public record Changes(
            @NotNull(message = "is missing") @Valid Change memberships) {}

    /** Actors by id; none where absent. */
    @Schema(name = "MembershipsChange")
    public record Change(
            @Nullable List<@NotNull(message = "is missing") UUID> add,
            @Nullable List<@NotNull(message = "is missing") UUID> remove) {
        static Set<UUID> ids(@Nullable List<UUID> some) {
            return some == null ? Set.of() : Set.copyOf(some);
        }
    }

    /** Who is in the group then. */
    @Schema(name = "OneMembers")
    public record Answer(MembershipService.Members data) {}

    private final GroupService groups;
    private final MembershipService memberships;
    private final ActorService actors;
    private final Creations creations;
    private final CurrentRequest request;

    @Inject
    GroupApi(
            GroupService groups,
            MembershipService memberships,
            ActorService actors,
            Creations creations,
            CurrentRequest request) {
        this.groups = groups;
        this.memberships = memberships;
        this.actors = actors;
        this.creations = creations;
        this.request = request;
    }

    @GET
    @Operation(
            summary = "List groups",
            description =
                    "In the order of their making; name narrows to those that begin so, called to the one of this name.")
    public Envelope.Many<GroupView> list(
            @BeanParam PageQuery query, @RestQuery @Nullable String name, @RestQuery @Nullable String called) {
        var page = query.request();
        return Envelope.of(groups.page(request.accountId(), page, name, called), page.limit());
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Show a group")
    public RestResponse<Envelope.One<GroupView>> get(@RestPath UUID id) {
        return Envelope.of(groups.get(request.accountId(), id));
    }

    @POST
    @Operation(summary = "Create a group")
    public RestResponse<Envelope.One<GroupView>> create(
            @NotNull(message = "is missing") @Valid Body body, @RestHeader(Creations.KEY_HEADER) @Nullable String key) {
        UUID account = request.accountId();
        return creations.create(
                key,
                PATH,
                body,
                transaction ->
                        groups.create(transaction, account, body.actorGroup().name()));
    }

    @PUT
    @Path("{id}")
    @Operation(summary = "Rename a group")
    public RestResponse<Envelope.One<GroupView>> update(
            @RestPath UUID id,
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return Envelope.of(
                groups.rename(request.accountId(), id, body.actorGroup().name(), Expected.parse(ifMatch)));
    }

    @PATCH
    @Path("{id}")
    @Operation(summary = "Rename a group")
    public RestResponse<Envelope.One<GroupView>> patch(
            @RestPath UUID id,
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return update(id, body, ifMatch);
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Delete a group", description = "Its policies go too, and what they allowed ends.")
    public RestResponse<Envelope.One<GroupView>> delete(
            @RestPath UUID id, @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return Envelope.of(groups.delete(request.accountId(), id, Expected.parse(ifMatch)));
    }

    @GET
    @Path("{id}/memberships")
    @Operation(summary = "List who is in a group")
    public Envelope.Many<MemberView> members(@RestPath UUID id, @BeanParam PageQuery query) {
        var page = query.request();
        return Envelope.of(memberships.page(request.accountId(), id, page), page.limit());
    }

    @PUT
    @Path("{id}/memberships")
    @Operation(summary = "Say who is in a group", description = "Who is not named is not in it any more.")
    public Answer replace(@RestPath UUID id, @NotNull(message = "is missing") @Valid Replacement body) {
        var actors = body.memberships().stream().map(Member::actorId).collect(Collectors.toSet());
        return new Answer(memberships.replace(request.accountId(), id, actors));
    }

    @PATCH
    @Path("{id}/memberships")
    @Operation(summary = "Add and remove members of a group")
    public Answer change(@RestPath UUID id, @NotNull(message = "is missing") @Valid Changes body) {
        var change = body.memberships();
        return new Answer(
                memberships.change(request.accountId(), id, Change.ids(change.add()), Change.ids(change.remove())));
    }

    @PUT
    @Path("{id}/memberships/{actor}")
    @Operation(summary = "Put an actor into a group")
    public Answer add(@RestPath UUID id, @RestPath UUID actor) {
        actors.get(request.accountId(), actor);
        return new Answer(memberships.change(request.accountId(), id, Set.of(actor), Set.of()));
    }

    @DELETE
    @Path("{id}/memberships/{actor}")
    @Operation(summary = "Take an actor out of a group", description = "What they had by it alone ends.")
    public Answer remove(@RestPath UUID id, @RestPath UUID actor) {
        actors.get(request.accountId(), actor);
        return new Answer(memberships.change(request.accountId(), id, Set.of(), Set.of(actor)));
    }
}
