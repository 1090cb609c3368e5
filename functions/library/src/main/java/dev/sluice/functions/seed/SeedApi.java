package dev.sluice.functions.seed;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.OpenApi;
import dev.sluice.functions.auth.Sessions;
import dev.sluice.functions.settings.WebAddress;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The first data of a portal. */
@Path(Door.OPERATOR + "seed")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Operator", description = "What only whoever runs the portal may do, on the admin listener.")
@OnBehalf
@RunOnVirtualThread
public class SeedApi {
    /**
     * What a seeded portal begins with.
     *
     * @param seeds whether they were planted now, or before
     * @param site whose gateways serve its resources
     * @param signInUrl opened once within an hour, it signs its first admin in; null if it has none any more
     */
    public record Seeded(
            SeedService.Outcome seeds,
            UUID accountId,
            String site,
            @Nullable String signInUrl,
            String note) {}

    private final SeedService seeds;
    private final Sessions sessions;
    private final WebAddress web;

    @Inject
    SeedApi(SeedService seeds, Sessions sessions, WebAddress web) {
        this.seeds = seeds;
        this.sessions = sessions;
        this.web = web;
    }

    @POST
    @APIResponse(responseCode = "200", description = OpenApi.DONE)
    @Operation(
            summary = "Plant the first data",
            description = "An account with sites, people, resources and policies, unless it is there.")
    public Envelope.One<Seeded> seed() {
        var outcome = seeds.seed();
        return new Envelope.One<>(new Seeded(
                outcome,
                SeedService.ACCOUNT,
                SeedService.SITE,
                sessions.inviteFirst(SeedService.ACCOUNT)
                        .map(link -> link.url(web))
                        .orElse(null),
                "Next: 'token create --type gateway --site " + SeedService.SITE
                        + "' and 'token create --type client --actor … --expires-in 7d'."));
    }
}
