package dev.sluice.datapath.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Filter;
import dev.sluice.channel.Resource;
import dev.sluice.channel.Site;
import dev.sluice.datapath.client.ClientFeatures;
import dev.sluice.datapath.wireguard.Timing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** Everything there is, on one timeline and one seed. */
final class World {
    private static final Duration INSPECTION = Duration.ofSeconds(1);

    private final long seed;
    private final RandomGenerator random;
    private final Timeline timeline = new Timeline();
    private final Network network;
    private final StubPortal portal = new StubPortal(this);
    private final Site site;
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final List<SimulatedGateway> gateways = new ArrayList<>();
    private final List<ResourceHost> hosts = new ArrayList<>();
    private int addresses;
    private Timing timing = Timing.connection();

    World(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
        this.network = new Network(timeline, random);
        this.site = new Site(id(), "site");
        inspectRegularly();
    }

    /** Timing of the devices that are added from now on. */
    World timing(String overrides) {
        timing = Timing.parse(overrides);
        return this;
    }

    SimulatedGateway gateway(String name) {
        SimulatedGateway gateway = new SimulatedGateway(this, id(), name, gateways.size() + 1);
        gateways.add(gateway);
        gateway.start();
        return gateway;
    }

    SimulatedClient client(String name) {
        return client(name, ClientFeatures.standard());
    }

    SimulatedClient client(String name, ClientFeatures features) {
        SimulatedClient client = new SimulatedClient(this, id(), name, clients.size() + 1, features);
        clients.add(client);
        client.start();
        return client;
    }

    /** A resource with a host at every address, which all clients of now may reach. */
    Resource.Cidr resource(String network, Filter... filters) {
        Resource.Cidr resource = new Resource.Cidr(id(), network, network, null, List.of(site), List.of(filters));
        portal.add(resource);
        clients.forEach(client -> portal.permit(client.id(), resource.id()));
        return resource;
    }

    /** What answers for the addresses behind the gateways. */
    ResourceHost host(String address) {
        return hosts.stream()
                .filter(host -> host.address().equals(address))
                .findFirst()
                .orElseGet(() -> {
                    ResourceHost host = new ResourceHost(this, address);
                    hosts.add(host);
                    return host;
                });
    }

    /** Lets time pass. */
    void run(Duration duration) {
        long end = now() + duration.toNanos();
        while (timeline.step(end)) {
            // What happens, happens in the step.
        }
    }

    /** Lets time pass until this is so, and fails if it is not within the bound. Returns how long it took. */
    Duration until(String what, Duration bound, BooleanSupplier condition) {
        long start = now();
        long end = start + bound.toNanos();
        while (!condition.getAsBoolean()) {
            if (!timeline.step(end)) {
                throw new AssertionError(
                        describe() + ": not within " + bound.toMillis() + " ms: " + what + "\n" + report());
            }
        }
        return Duration.ofNanos(now() - start);
    }

    /** Lets time pass until every device is told by the portal what it may. */
    World settle() {
        until(
                "all devices are up",
                Duration.ofSeconds(10),
                () -> clients.stream().allMatch(SimulatedClient::isUp)
                        && gateways.stream().allMatch(SimulatedGateway::isUp));
        return this;
    }

    String describe() {
        return "seed " + seed + " at " + timeline.elapsed();
    }

    String report() {
        StringBuilder text = new StringBuilder();
        clients.forEach(client -> text.append(client.report()).append('\n'));
        gateways.forEach(gateway -> text.append(gateway.report()).append('\n'));
        return text.toString();
    }

    /** Every packet is accounted for, in every device. */
    void inspect() {
        clients.forEach(client -> {
            assertThat(client.status().packets().balanced()).as(describe()).isTrue();
            assertThat(client.status().connectionPackets().balanced())
                    .as(describe())
                    .isTrue();
        });
        gateways.forEach(gateway -> {
            assertThat(gateway.status().packets().balanced()).as(describe()).isTrue();
            assertThat(gateway.status().connectionPackets().balanced())
                    .as(describe())
                    .isTrue();
            assertThat(gateway.status().packets().held()).as(describe()).isZero();
        });
    }

    long now() {
        return timeline.now();
    }

    Timeline timeline() {
        return timeline;
    }

    Network network() {
        return network;
    }

    StubPortal portal() {
        return portal;
    }

    RandomGenerator random() {
        return random;
    }

    Timing timing() {
        return timing;
    }

    Site site() {
        return site;
    }

    List<SimulatedClient> clients() {
        return clients;
    }

    List<SimulatedGateway> gateways() {
        return gateways;
    }

    /** One that no host has had. */
    String freshAddress() {
        addresses++;
        return "198.18." + addresses / 250 + "." + (addresses % 250 + 1);
    }

    private UUID id() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private void inspectRegularly() {
        timeline.after(INSPECTION, () -> {
            inspect();
            inspectRegularly();
        });
    }
}
