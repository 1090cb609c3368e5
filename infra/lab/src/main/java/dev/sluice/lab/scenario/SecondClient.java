package dev.sluice.lab.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.lab.Curl;
import dev.sluice.lab.Device;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;
import java.time.Duration;
import java.util.Map;

/** The second client with a token of its own, which may be deleted without harm to the rest of the lab. */
final class SecondClient implements AutoCloseable {
    private static final String ACTOR = "firezone-unprivileged-1@localhost.local";

    private final Stage stage;
    private final Device device;
    private final String tokenId;

    private SecondClient(Stage stage, Device device, String tokenId) {
        this.stage = stage;
        this.device = device;
        this.tokenId = tokenId;
    }

    static SecondClient signedIn(Stage stage) throws Exception {
        return signedIn(stage, Map.of());
    }

    /** With {@code settings} (environment variables) beside the usual ones. */
    static SecondClient signedIn(Stage stage, Map<String, String> settings) throws Exception {
        return signedIn(stage, settings, ACTOR);
    }

    /** As somebody: by their name, address or id. */
    static SecondClient signedIn(Stage stage, Map<String, String> settings, String actor) throws Exception {
        JsonNode token = stage.lab()
                .portal()
                .operate("token", "create", "--type", "client", "--actor", actor, "--expires-in", "1h");
        Device device = stage.lab().secondClient();
        device.part().stop();
        device.start(settings, token.path("token").asText());
        Lab.await("the second client", Lab.DEVICE_PATIENCE, device.part(), device::isReady);
        stage.awaitResource(device, Stage.NETWORK_IPV4);
        return new SecondClient(stage, device, token.path("id").asText());
    }

    Device device() {
        return device;
    }

    void deleteToken() {
        stage.lab().portal().operate("token", "delete", tokenId);
    }

    boolean isSignedOut() {
        return device.status().path("state").asText().equalsIgnoreCase("signed_out");
    }

    Curl get(String address, Duration limit) {
        return Curl.from(Topology.CLIENT_2, Stage.url(address, 80, "/"), limit);
    }

    void reach(String address) {
        Curl curl = get(address, Stage.PATIENCE);
        Check.that(curl.succeeded(), "the second client does not reach " + address + ": " + curl.error());
    }

    @Override
    public void close() {
        device.part().stop();
    }
}
