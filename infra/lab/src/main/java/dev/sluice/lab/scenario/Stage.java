package dev.sluice.lab.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.lab.Connect;
import dev.sluice.lab.Curl;
import dev.sluice.lab.Device;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A lab with portal, gateway and client running, as scenarios find it, and what an operator and an application do on it. */
final class Stage {
    /** The resource that covers the lab's resource over IPv4, as the seeds have it. */
    static final String NETWORK_IPV4 = "172.20.0.0/16";

    /** The same over IPv6. */
    static final String NETWORK_IPV6 = "172:20::/64";

    static final String SITE = "mycro-aws-gws";
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** After this long without an error a client takes the next one for news. */
    static final Duration SETTLED = Duration.ofMillis(2500);

    private final Lab lab;

    private Stage(Lab lab) {
        this.lab = lab;
    }

    /** Everything runs as usual, and no tunnel exists yet. */
    static Stage fresh(Lab lab) throws Exception {
        Stage stage = new Stage(lab);
        lab.secondClient().part().stop();
        lab.client().part().stop();
        if (lab.gateway().isSpecial()) {
            lab.gateway().part().stop();
        }
        lab.startParts();
        Check.within(
                PATIENCE,
                "the resource's server runs",
                () -> Connect.opens(Topology.GATEWAY, Topology.RESOURCE_IPV4, 80, Duration.ofSeconds(1)));
        stage.awaitResource(lab.client(), NETWORK_IPV4);
        stage.awaitResource(lab.client(), NETWORK_IPV6);
        return stage;
    }

    Lab lab() {
        return lab;
    }

    /** Starts the client again, with settings of its own. */
    void restartClient(Map<String, String> settings) throws Exception {
        lab.client().part().stop();
        lab.client().start(settings);
        Lab.await("the client", Lab.DEVICE_PATIENCE, lab.client().part(), lab.client()::isReady);
        awaitResource(lab.client(), NETWORK_IPV4);
    }

    /** Starts the gateway again, with settings of its own. */
    void restartGateway(Map<String, String> settings) throws Exception {
        lab.gateway().part().stop();
        lab.gateway().start(settings);
        Lab.await("the gateway", Lab.DEVICE_PATIENCE, lab.gateway().part(), lab.gateway()::isReady);
    }

    void disablePolicy(String resource) {
        lab.portal().operate("policy", "disable", resource);
    }

    void enablePolicy(String resource) {
        lab.portal().operate("policy", "enable", resource);
    }

    /** Enables the policy and waits until the client knows the resource again. */
    void giveBack(String resource) throws Exception {
        enablePolicy(resource);
        awaitResource(lab.client(), resource);
    }

    /** As {@link #rejectAccess}, without waiting: with traffic under way the grant may be back before one looks. */
    void orderRejection(String resource) {
        lab.portal().operate("reject-access", "--site", SITE, "--resource", resource);
    }

    /** Lets the gateway drop its grants for a resource, which the client does not hear of; returns once it has. */
    void rejectAccess(String resource) throws Exception {
        String id = lab.client()
                .resourceId(resource)
                .orElseThrow(() -> new ScenarioFailure("the client does not know " + resource));
        orderRejection(resource);
        Check.within(
                PATIENCE, "the gateway drops the grant", () -> !lab.gateway().holdsGrant(id));
    }

    void hold(Device device) {
        lab.portal().operate("stream", "hold", device.host());
    }

    void release(Device device) {
        lab.portal().operate("stream", "release", device.host());
    }

    void setFilters(String resource, List<String> filters) {
        List<String> command = new ArrayList<>(List.of("resource", "set-filters", resource));
        filters.forEach(filter -> command.addAll(List.of("--filter", filter)));
        lab.portal().operate(command.toArray(String[]::new));
    }

    /** A request of an application on the client. */
    Curl get(String address) {
        return get(address, PATIENCE);
    }

    Curl get(String address, Duration limit) {
        return Curl.from(lab.client().host(), url(address, 80, "/"), limit);
    }

    /** Lets an application on the client reach {@code address}, so that a tunnel exists. */
    void reach(String address) {
        Curl curl = get(address);
        Check.that(curl.succeeded(), "the client does not reach " + address + ": " + curl.error());
    }

    static String url(String address, int port, String path) {
        return "http://" + (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port + path;
    }

    void awaitResource(Device device, String address) throws Exception {
        Check.within(PATIENCE, device.host() + " leads to " + address, () -> device.leadsTo(address));
    }

    void awaitNoResource(Device device, String address) throws Exception {
        Check.within(PATIENCE, device.host() + " forgets " + address, () -> !knows(device, address));
    }

    static boolean knows(Device device, String address) {
        return device.resourceId(address).isPresent();
    }

    /** How often the client has asked the portal for access. */
    long intents() {
        return lab.client().status().path("intents").asLong();
    }

    /** The code of the client's last denial, empty when there was none. */
    static String lastDenial(Device device) {
        return device.status().path("last_denial").path("reason").asText("");
    }

    /** How many of the client's asks were answers to an ICMP error. */
    long reauthorizations() {
        return lab.client().status().path("reauthorizations").asLong();
    }

    /** Whether the gateway holds a grant that ends within {@code length}. */
    boolean gatewayExpects(Duration length) {
        Instant latest = Instant.now().plus(length);
        for (JsonNode client : lab.gateway().status().path("clients")) {
            for (JsonNode grant : client.path("grants")) {
                String expires = grant.path("expires_at").asText("");
                if (!expires.isEmpty() && Instant.parse(expires).isBefore(latest)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Waits until the device's channel to the portal is up. */
    void awaitPortal(Device device) throws Exception {
        Check.within(
                Duration.ofSeconds(60),
                device.host() + " is connected to the portal",
                () -> device.status().path("portal").path("state").asText().equalsIgnoreCase("up"));
    }

    /** Starts the client again without waiting for a working tunnel. */
    void startClientAnyhow() {
        lab.client().part().stop();
        lab.client().start(Map.of());
    }
}
