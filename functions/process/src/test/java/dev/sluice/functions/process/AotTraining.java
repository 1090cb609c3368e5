package dev.sluice.functions.process;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.functions.directory.workos.WorkOsStandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Runs the packaged portal with what it mostly does, and has the JVM keep what it learns by that for each later start: the
 * classes that were loaded and linked, and which methods were hot (JEP 483, 514 and 515). The build does it each time that it
 * packages; {@code -Dexec.skip} leaves it out, and starts take twice as long.
 */
public final class AotTraining {
    private static final int JOINS = 40;
    private static final int FLOWS = 150;
    private static final int CHANGES = 3;
    private static final int PEOPLE = 3000;
    private static final int GROUPS = 600;
    private static final int MEMBERS = 100;

    /** Of the development data: everybody may reach it. */
    private static final String RESOURCE = "172.20.0.0/16";

    /** What people look at. */
    private static final List<List<String>> LOOKS = List.of(
            List.of("status"),
            List.of("resource", "list"),
            List.of("policy", "list"),
            List.of("actor", "list"),
            List.of("flow", "list"),
            List.of("audit", "list"));

    private final PortalProcess portal;

    private AotTraining(PortalProcess portal) {
        this.portal = portal;
    }

    /** Writes the cache of the application that the property {@code sluice.application} names. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("sluice-training-");
        try (WorkOsStandIn workos = workos();
                PortalProcess portal = new PortalProcess(directory.resolve("data"))
                        .with("SLUICE_API_PER_SECOND", "0")
                        .with("SLUICE_OUTGOING_ALLOW", "127.0.0.0/8")
                        .with("WORKOS_API_KEY", WorkOsStandIn.KEY)
                        .with("WORKOS_API_BASE", workos.url().toString())
                        .learning()
                        .start()) {
            new AotTraining(portal).train();
            portal.stop();
            if (!portal.hasLearned()) {
                throw new IllegalStateException("No AOT cache was made: " + portal.log());
            }
            portal.keepPlace();
        } finally {
            delete(directory);
        }
    }

    private static WorkOsStandIn workos() {
        var workos = new WorkOsStandIn();
        IntStream.range(0, PEOPLE).forEach(person -> workos.person("idp_" + person, "Person " + person, true));
        for (int group = 0; group < GROUPS; group++) {
            int first = group * MEMBERS;
            workos.group(
                    "group_" + group,
                    "Group " + group,
                    IntStream.range(first, first + MEMBERS)
                            .mapToObj(member -> "idp_" + member % PEOPLE)
                            .toArray(String[]::new));
        }
        return workos;
    }

    private void train() throws Exception {
        sync();
        decide();
    }

    /** A directory that is read and applied. */
    private void sync() throws Exception {
        done(directory("create", "--name", "Training", "--type", "workos"));
        done(directory("link", "Training"));
        done(directory("sync", "Training"));
        portal.await(() -> latestRun().hasNonNull("finished_at"));
        if (latestRun().path("outcome").asText().equals("failed")) {
            throw new IllegalStateException("The directory was not applied: " + latestRun());
        }
    }

    private JsonNode latestRun() {
        return portal.run(directory("runs", "Training", "--json")).json().path(0);
    }

    private static String[] directory(String... words) {
        return Stream.concat(
                        Stream.of("directory"), Stream.concat(Stream.of(words), Stream.of("--account", "firezone")))
                .toArray(String[]::new);
    }

    private void decide() throws Exception {
        String ask = portal.ask(RESOURCE);
        String clients = token("client", "--actor", "firezone-unprivileged-1@localhost.local");
        String gateways = token("gateway", "--site", "mycro-aws-gws");
        for (int join = 0; join < JOINS; join++) {
            join("client", clients).close();
        }
        try (Peer gateway = join("gateway", gateways);
                Peer client = join("client", clients)) {
            for (int flow = 0; flow < FLOWS; flow++) {
                ask(client, gateway, ask);
            }
            for (int change = 0; change < CHANGES; change++) {
                done("policy", "disable", RESOURCE);
                gateway.await("reject_access");
                done("policy", "enable", RESOURCE);
                ask(client, gateway, ask);
                for (List<String> look : LOOKS) {
                    done(look.toArray(String[]::new));
                }
            }
        }
    }

    private static void ask(Peer client, Peer gateway, String ask) throws InterruptedException {
        client.send("create_flow", ask);
        JsonNode authorize = gateway.await("authorize_flow");
        gateway.send(
                "flow_authorized",
                "{\"ref\":\"" + authorize.path("payload").path("ref").asText() + "\"}");
        client.await("flow_created");
    }

    private String token(String type, String option, String owner) {
        return portal.run("token", "create", "--type", type, option, owner, "--json")
                .json()
                .path("token")
                .asText();
    }

    private void done(String... command) {
        CommandOutcome outcome = portal.run(command);
        if (outcome.code() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + outcome.err());
        }
    }

    private Peer join(String topic, String token) throws InterruptedException {
        return Peer.join(topic, portal.port("SLUICE_API_PORT"), token);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
