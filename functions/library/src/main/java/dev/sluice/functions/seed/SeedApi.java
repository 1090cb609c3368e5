package dev.sluice.functions.seed;

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
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

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
     */
    public record Seeded(SeedService.Outcome seeds, UUID accountId, String site, String note) {}

    private final SeedService seeds;

    @Inject
    SeedApi(SeedService seeds) {
        this.seeds = seeds;
    }

    @POST
    @APIResponse(responseCode = "200", description = OpenApi.DONE)
    @Operation(
            summary = "Plant the first data",
            description = "An account with sites, people, resources and policies, unless it is there.")
    public Envelope.One<Seeded> seed() {
        return new Envelope.One<>(new Seeded(
                seeds.seed(),
                SeedService.ACCOUNT,
                SeedService.SITE,
                "Next: 'token create --type gateway --site " + SeedService.SITE
                        + "' and 'token create --type client --actor … --expires-in 7d'."));
    }
}
