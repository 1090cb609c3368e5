package dev.sluice.functions.process;

import dev.sluice.functions.directory.workos.WorkOsStandIn;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/** A portal that asks WorkOS, which the test is. Jobs run when a test says so. */
public final class WorkOsProfile implements QuarkusTestProfile {
    static final String LATER_SECRET = "wh_that_replaces_it";

    private static WorkOsStandIn workos;

    /** The one of the portal that runs. */
    static WorkOsStandIn workos() {
        return workos;
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "quarkus.scheduler.enabled", "false",
                "sluice.outgoing.allow", "127.0.0.0/8",
                "sluice.workos.api-key", WorkOsStandIn.KEY,
                "sluice.workos.client-id", "client_01",
                "sluice.workos.webhook-secrets", WorkOsStandIn.SECRET + "," + LATER_SECRET,
                "sluice.directory.pause", "0.01S",
                "sluice.directory.answer-within", "2S",
                "sluice.secrets.key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(StandIn.class));
    }

    /** Lives as long as the portal. */
    public static final class StandIn implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            workos = new WorkOsStandIn();
            return Map.of("sluice.workos.api-base", workos.url().toString());
        }

        @Override
        public void stop() {
            workos.close();
        }
    }
}
