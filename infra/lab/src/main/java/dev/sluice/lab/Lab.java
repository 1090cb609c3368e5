package dev.sluice.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The lab, inside its namespaces: the network and what runs on its hosts. */
public final class Lab {
    private final Network network = new Network();
    private final Map<String, Part> parts = new TreeMap<>();

    private Lab() {}

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
        lab.addPart(Topology.RESOURCE, SelfCommand.of("resource-server", List.of()))
                .start();
        return lab;
    }

    Network network() {
        return network;
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

    private Part addPart(String host, List<String> command) {
        Part part = new Part(host, () -> command, () -> HostEnvironment.of(host));
        parts.put(host, part);
        return part;
    }
}
