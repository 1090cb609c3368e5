package dev.sluice.functions.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
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
        try (PortalProcess portal = new PortalProcess(directory.resolve("data"))
                .with("SLUICE_API_PER_SECOND", "0")
                .learning()
                .start()) {
            new AotTraining(portal).train();
            portal.stop();
            if (!portal.hasLearned()) {
                throw new IllegalStateException("No AOT cache was made: " + portal.log());
            }
        } finally {
            delete(directory);
        }
    }

    private void train() throws Exception {
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
