package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A portal that is killed in the middle of a flow: what was decided stays decided, and nothing more is granted. */
class DurabilityIT {
    private static final String RESOURCE = "172.20.0.0/16";
    private static final String CLIENT_TOKEN = "n.SFMyNTY.g2gDaANtAAAAJGM4OWJjYzhjLTkzOTItNGRhZS1hNDBkLTg4OGFlZjZkMjhl"
            + "MG0AAAAkN2RhN2QxY2QtMTExYy00NGE3LWI1YWMtNDAyN2I5ZDIzMGU1bQAAACtBaUl5XzZwQmstV0xlUkFQenprQ0ZYTnFJWktXQnMy"
            + "RGR3XzJ2Z0lRdkZnbgYAR_ywiZQBYgABUYA.PLNlzyqMSgZlbQb1QX5EzZgYNuY9oeOddP0qDkTwtGg";
    private static final String GATEWAY_TOKEN = ".SFMyNTY.g2gDaANtAAAAJGM4OWJjYzhjLTkzOTItNGRhZS1hNDBkLTg4OGFlZjZkMjhl"
            + "MG0AAAAkMjI3NDU2MGItZTk3Yi00NWU0LThiMzQtNjc5Yzc2MTdlOThkbQAAADhPMDJMN1VTMkozVklOT01QUjlKNklMODhRSVFQNlVP"
            + "OEFRVk82VTVJUEwwVkpDMjJKR0gwPT09PW4GAAH8sImUAWIAAVGA.tAm2O9FcyF67VAF3rZdwQpeADrYOIs3S2l2K51G26OM";

    @TempDir
    Path directory;

    private PortalProcess portal;
    private String ask;

    @BeforeEach
    void start() throws Exception {
        portal = new PortalProcess(directory.resolve("data")).start();
        ask = portal.ask(RESOURCE);
    }

    @AfterEach
    void stop() throws Exception {
        portal.close();
    }

    @Test
    void shouldKeepADecisionThatNobodyHeardOf() throws Exception {
        try (Peer gateway = join("gateway", GATEWAY_TOKEN);
                Peer client = join("client", CLIENT_TOKEN)) {
            assertThat(portal.run("stream", "hold", "gateway").code()).isZero();
            client.send("create_flow", ask);
            portal.await(() -> granted() == 1);

            portal.kill();
            assertThat(gateway.events()).doesNotContain("authorize_flow");
            assertThat(client.events()).doesNotContain("flow_created");
        }
        // A start may take longer than the gateway has to answer.
        portal.execute("UPDATE flow SET deadline = now() + interval '1 hour'");

        portal.start();
        assertThat(granted()).isEqualTo(1);
        try (Peer gateway = join("gateway", GATEWAY_TOKEN);
                Peer client = join("client", CLIENT_TOKEN)) {
            portal.run("stream", "release", "gateway");

            JsonNode authorize = gateway.await("authorize_flow");
            assertThat(authorize.path("sluice").path("generation").asLong()).isEqualTo(generation());
            gateway.send(
                    "flow_authorized",
                    "{\"ref\":\"" + authorize.path("payload").path("ref").asText() + "\"}");
            client.await("flow_created");
            assertThat(portal.run("flow", "list", "--json").json()).hasSize(1);
            assertThat(portal.run("verify").code()).isZero();
        }
    }

    @Test
    void shouldStopInOrderWhileDevicesAreConnected() throws Exception {
        try (Peer gateway = join("gateway", GATEWAY_TOKEN);
                Peer client = join("client", CLIENT_TOKEN)) {
            client.send("create_flow", ask);
            gateway.await("authorize_flow");

            assertThat(portal.stop()).isIn(0, 143);
        }
        assertThat(portal.log().lines().filter(line -> line.matches(".* (WARN|ERROR) .*")))
                .allMatch(line -> line.contains("STATIC_SEEDS"));
    }

    @Test
    void shouldCreateNoFlowThatWasRevokedWhileThePortalWasDead() throws Exception {
        String ref;
        try (Peer gateway = join("gateway", GATEWAY_TOKEN);
                Peer client = join("client", CLIENT_TOKEN)) {
            client.send("create_flow", ask);
            ref = gateway.await("authorize_flow").path("payload").path("ref").asText();
            portal.kill();
        }

        portal.start();
        assertThat(portal.run("policy", "disable", RESOURCE).code()).isZero();
        try (Peer gateway = join("gateway", GATEWAY_TOKEN);
                Peer client = join("client", CLIENT_TOKEN)) {
            gateway.send("flow_authorized", "{\"ref\":\"" + ref + "\"}");
            assertThat(gateway.await("phx_reply")
                            .path("payload")
                            .path("response")
                            .path("reason")
                            .asText())
                    .isEqualTo("invalid_ref");
            client.send("create_flow", ask);

            client.await("flow_creation_failed");
            assertThat(client.events()).doesNotContain("flow_created");
            assertThat(portal.run("flow", "list", "--json").json()).isEmpty();
        }
    }

    private Peer join(String topic, String token) throws InterruptedException {
        return Peer.join(topic, portal.port("SLUICE_API_PORT"), token);
    }

    private long generation() {
        return portal.run("flow", "list", "--json")
                .json()
                .path(0)
                .path("generation")
                .asLong();
    }

    private int granted() {
        int granted = 0;
        for (JsonNode entry : portal.run("audit", "list", "--json").json()) {
            granted += entry.path("action").asText().equals("flow_granted") ? 1 : 0;
        }
        return granted;
    }
}
