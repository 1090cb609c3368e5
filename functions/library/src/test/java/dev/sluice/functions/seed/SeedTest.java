package dev.sluice.functions.seed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Resource;
import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.auth.Authentication;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.auth.TokenType;
import dev.sluice.functions.auth.TokenVerifier;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.device.Admission;
import dev.sluice.functions.device.DeviceService;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.resource.ResourceService;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.stream.ReachOfClient;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(SeedTest.StaticSeeds.class)
@WithTestResource(DatabaseTestResource.class)
class SeedTest {
    private static final String CLIENT =
            "n.SFMyNTY.g2gDaANtAAAAJGM4OWJjYzhjLTkzOTItNGRhZS1hNDBkLTg4OGFlZjZkMjhlMG0AAAAkN2RhN2QxY2QtMTExYy00NGE3LWI1YWMtNDAyN2I5ZDIzMGU1bQAAACtBaUl5XzZwQmstV0xlUkFQenprQ0ZYTnFJWktXQnMyRGR3XzJ2Z0lRdkZnbgYAR_ywiZQBYgABUYA.PLNlzyqMSgZlbQb1QX5EzZgYNuY9oeOddP0qDkTwtGg";
    private static final String GATEWAY =
            ".SFMyNTY.g2gDaANtAAAAJGM4OWJjYzhjLTkzOTItNGRhZS1hNDBkLTg4OGFlZjZkMjhlMG0AAAAkMjI3NDU2MGItZTk3Yi00NWU0LThiMzQtNjc5Yzc2MTdlOThkbQAAADhPMDJMN1VTMkozVklOT01QUjlKNklMODhRSVFQNlVPOEFRVk82VTVJUEwwVkpDMjJKR0gwPT09PW4GAAH8sImUAWIAAVGA.tAm2O9FcyF67VAF3rZdwQpeADrYOIs3S2l2K51G26OM";

    public static final class StaticSeeds implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("STATIC_SEEDS", "true");
        }
    }

    @Inject
    Transactions transactions;

    @Inject
    TokenService tokens;

    @Inject
    TokenVerifier verifier;

    @Inject
    ResourceService resources;

    @Inject
    SeedService seeds;

    @Test
    void shouldPlantAtTheStartOnceAndTakeThePublishedTokens() {
        assertThat(seeds.seed()).isEqualTo(SeedService.Outcome.PRESENT);

        assertThat(new AccountService(transactions)
                        .page(null, PageRequest.first(10))
                        .rows())
                .hasSize(2);
        assertThat(resources
                        .page(SeedService.ACCOUNT, PageRequest.first(1), null, null, null, null)
                        .count())
                .isEqualTo(12);
        assertThat(verifier.authenticate(TokenType.CLIENT, CLIENT)).isInstanceOf(Authentication.Accepted.class);
        assertThat(verifier.authenticate(TokenType.GATEWAY, GATEWAY)).isInstanceOf(Authentication.Accepted.class);
    }

    @Test
    void shouldLetThePublishedClientReachBothNetworks() {
        seeds.seed();
        var shown = (Authentication.Accepted) verifier.authenticate(TokenType.CLIENT, CLIENT);
        var admission =
                (Admission.Checked.Valid) World.parameters("seeded", World.key(), "headless-client/1.5.4", true);
        var admitted =
                (DeviceService.Admitted.Accepted) new DeviceService(transactions).admit(shown, admission.admission());

        assertThat(ReachOfClient.resources(transactions, admitted.device()))
                .filteredOn(resource -> resource instanceof Resource.Cidr)
                .extracting(resource -> ((Resource.Cidr) resource).address())
                .containsExactlyInAnyOrder("172.20.0.0/16", "172:20::/64");
    }

    @Test
    void shouldPutADeletedTokenBackWhenAsked() {
        seeds.seed();
        tokens.delete(SeedService.ACCOUNT, SeedService.CLIENT_TOKEN);
        seeds.start(new io.quarkus.runtime.StartupEvent());
        assertThat(verifier.authenticate(TokenType.CLIENT, CLIENT)).isInstanceOf(Authentication.Refused.class);
        seeds.seed();
        assertThat(verifier.authenticate(TokenType.CLIENT, CLIENT)).isInstanceOf(Authentication.Accepted.class);
    }
}
