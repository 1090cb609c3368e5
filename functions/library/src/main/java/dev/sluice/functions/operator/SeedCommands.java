package dev.sluice.functions.operator;

import dev.sluice.functions.seed.SeedService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The first data of a portal. */
@ApplicationScoped
class SeedCommands implements OperatorCommands {
    private record Seeded(SeedService.Outcome seeds, UUID accountId, String site, String note) {}

    private final SeedService seeds;

    @Inject
    SeedCommands(SeedService seeds) {
        this.seeds = seeds;
    }

    @Override
    public List<OperatorCommand> commands() {
        return List.of(new OperatorCommand("seed", Set.of(), arguments -> seed()));
    }

    private Seeded seed() {
        return new Seeded(
                seeds.seed(),
                SeedService.ACCOUNT,
                SeedService.SITE,
                "Next: 'token create --type gateway --site " + SeedService.SITE
                        + "' and 'token create --type client --actor … --expires-in 7d'.");
    }
}
