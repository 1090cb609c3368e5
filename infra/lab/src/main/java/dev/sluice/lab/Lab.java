package dev.sluice.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The lab, inside its namespaces: the network and what runs on its hosts. */
public final class Lab {
    /** How long a client or a gateway may take to start on a busy machine. */
    public static final Duration DEVICE_PATIENCE = Duration.ofSeconds(60);

    private final Network network = new Network();
    private final Map<String, Part> parts = new TreeMap<>();

    private final Portal portal = new Portal();
    private final Device gateway = Device.gateway(Topology.GATEWAY);
    private final Device client = Device.client(Topology.CLIENT);
    private final Device secondClient = Device.client(Topology.CLIENT_2);

    private Lab() {
        parts.put(Topology.PORTAL, portal.part());
        parts.put(Topology.GATEWAY, gateway.part());
        parts.put(Topology.CLIENT, client.part());
        parts.put(Topology.CLIENT_2, secondClient.part());
    }

    /** Lays out the network and starts the resource's server. */
    static Lab create() throws IOException {
        Lab lab = new Lab();
        lab.network.build();
        for (String host : Topology.HOSTS) {
            for (String directory : HostEnvironment.of(host).values()) {
                if (directory.startsWith(Place.INSIDE.toString())) {
                    Files.createDirectories(Path.of(directory));
                }
            }
        }
        Part server = lab.resourceServer(Topology.RESOURCE);
        server.start();
        lab.parts.put(Topology.RESOURCE, server);
        return lab;
    }

    public Portal portal() {
        return portal;
    }

    public Device gateway() {
        return gateway;
    }

    public Device client() {
        return client;
    }

    public Device secondClient() {
        return secondClient;
    }

    /** The devices that run. */
    public List<Device> runningDevices() {
        return Stream.of(gateway, client, secondClient)
                .filter(device -> device.part().isRunning())
                .toList();
    }

    public Network network() {
        return network;
    }

    /**
     * Starts what of portal, gateway and client does not run, and returns once the portal is seeded and gateway and client
     * have set up what it told them.
     */
    public void startParts() throws InterruptedException {
        if (!portal.part().isRunning()) {
            portal.part().start();
            await("the portal", Duration.ofSeconds(90), portal.part(), portal::takesOrders);
            portal.operate("seed");
        }
        gateway.start();
        client.start();
        await("the gateway", DEVICE_PATIENCE, gateway.part(), gateway::isReady);
        await("the client", DEVICE_PATIENCE, client.part(), client::isReady);
        boolean seeded =
                client.resourceId(Topology.RESOURCE_NETWORKS.getFirst()).isPresent();
        await(
                "the client's route",
                DEVICE_PATIENCE,
                client.part(),
                () -> !seeded || client.leadsTo(Topology.RESOURCE_NETWORKS.getFirst()));
    }

    /** Waits until {@code condition} holds; fails early when {@code part} ends. */
    public static void await(String what, Duration limit, Part part, BooleanSupplier condition)
            throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (!part.isRunning()) {
                throw new LabException(what + " ended while starting; its log says why");
            }
            if (System.nanoTime() - end > 0) {
                throw new LabException(what + " was not ready within " + limit.toSeconds() + " s");
            }
            Thread.sleep(20);
        }
    }

    /** Which of the parts run, by host. */
    Map<String, Boolean> running() {
        Map<String, Boolean> running = new TreeMap<>();
        parts.forEach((host, part) -> running.put(host, part.isRunning()));
        return running;
    }

    /** The last lines of what each host's parts have written, for the eyes of who looks for a failure's cause. */
    public List<String> recentLogs(int lines) {
        return Topology.HOSTS.stream()
                .flatMap(host -> HostLog.tail(host, lines).stream().map(line -> "    " + host + " | " + line))
                .toList();
    }

    /** A server such as the resource's, on any host; not running yet. */
    public Part resourceServer(String host) {
        List<String> command = SelfCommand.of("resource-server", List.of());
        return new Part(host, () -> command, () -> HostEnvironment.of(host));
    }

    /** Echoes behind the resource's host, each with an address of its own that the gateway finds; not running yet. */
    public Part echoes(List<String> addresses) {
        for (String address : addresses) {
            Program.require(
                    List.of("ip", "-n", Topology.RESOURCE, "addr", "replace", address + "/32", "dev", "lo"), "");
            Program.require(
                    List.of("ip", "-n", Topology.GATEWAY, "route", "replace", address, "via", Topology.RESOURCE_IPV4),
                    "");
        }
        List<String> options =
                addresses.stream().map(address -> "--echo=" + address).toList();
        List<String> command = SelfCommand.of("resource-server", options);
        return new Part(Topology.RESOURCE, () -> command, () -> HostEnvironment.of(Topology.RESOURCE));
    }
}
