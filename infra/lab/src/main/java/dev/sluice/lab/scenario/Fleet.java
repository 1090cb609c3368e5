package dev.sluice.lab.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.lab.Lab;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Portal;
import dev.sluice.lab.PostgresServer;
import dev.sluice.lab.StaticTokens;
import dev.sluice.lab.foreign.Access;
import dev.sluice.lab.foreign.Traffic;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Portals on one PostgreSQL of the distribution, and foreign traffic through them. */
final class Fleet implements AutoCloseable {
    private static final Duration START_WITHIN = Duration.ofSeconds(90);
    private static final Duration SETTLE_WITHIN = Duration.ofSeconds(90);
    private static final int GATEWAYS = 4;
    /** Of Sluice's make, which keep nothing that a join's state leaves out. */
    private static final int OUR_GATEWAYS = 2;

    private static final int CLIENTS = 16;

    private static final String LIVE = """
            SELECT g.external_id, f.client_id, f.resource_id
            FROM flow f JOIN gateway g ON g.account_id = f.account_id AND g.id = f.gateway_id
            WHERE f.state = 'authorized'""";

    private static final String UNSETTLED = """
            SELECT (SELECT count(*) FROM flow WHERE state = 'pending')
                 + (SELECT count(*) FROM outbox o JOIN online d USING (device_id) WHERE o.sent_at IS NULL)""";

    private final PostgresServer database;
    private final List<Portal> portals;
    private final Traffic traffic;

    private Fleet(PostgresServer database, List<Portal> portals, Traffic traffic) {
        this.database = database;
        this.portals = portals;
        this.traffic = traffic;
    }

    /**
     * Starts everything, and returns once clients are granted what they ask for.
     *
     * @param every from one ask to the next
     */
    static Fleet start(int count, Duration every, long seed) throws Exception {
        return start(count, every, seed, (portal, database) -> {});
    }

    /** The same with portals that are made ready otherwise. */
    static Fleet start(int count, Duration every, long seed, BiConsumer<Portal, PostgresServer> ready)
            throws Exception {
        PostgresServer database = PostgresServer.create();
        List<Portal> portals = IntStream.rangeClosed(1, count)
                .mapToObj(number -> Portal.another(number, database.environment()))
                .toList();
        portals.forEach(portal -> ready.accept(portal, database));
        Traffic traffic = new Traffic(
                portals.stream().map(Portal::localUrl).toList(),
                new Traffic.Load(GATEWAYS, OUR_GATEWAYS, CLIENTS, every, StaticTokens.GATEWAY, null),
                seed);
        Fleet fleet = new Fleet(database, portals, traffic);
        try {
            for (Portal portal : portals) {
                start(portal);
            }
            Check.within(SETTLE_WITHIN, "every device joins", traffic::allJoined);
            Check.within(SETTLE_WITHIN, "clients are granted what they ask for", () -> traffic.answers() > CLIENTS);
            return fleet;
        } catch (Exception e) {
            fleet.close();
            throw e;
        }
    }

    PostgresServer database() {
        return database;
    }

    List<Portal> portals() {
        return portals;
    }

    Traffic traffic() {
        return traffic;
    }

    /** Starts a portal that does not run, and returns once it answers. */
    static void start(Portal portal) throws InterruptedException {
        portal.part().start();
        Lab.await("a portal", START_WITHIN, portal.part(), portal::takesOrders);
    }

    /**
     * Lets the asks rest, and holds what the gateways let through against the flows, and the flows against all that the
     * portal promises of them.
     *
     * @return how many flows there are
     */
    int settle() throws Exception {
        traffic.ask(false);
        Check.within(SETTLE_WITHIN, "every device is back", traffic::allJoined);
        Check.within(
                SETTLE_WITHIN,
                "everything is said and answered",
                () -> database.sql(UNSETTLED).equals(List.of("0")));
        Set<Access> live = live();
        try {
            // What is said is heard a moment later.
            Check.within(Stage.PATIENCE, "gateways let through what holds", () -> live.equals(traffic.held()));
        } catch (ScenarioFailure e) {
            throw new ScenarioFailure(e.getMessage() + "; " + differing(live, traffic.held()));
        }
        for (JsonNode finding : portals.getFirst().operate("verify")) {
            Check.that(
                    finding.path("violations").asLong() == 0,
                    finding.path("check").asText() + ": not so for " + finding.path("examples"));
        }
        traffic.ask(true);
        return live.size();
    }

    @Override
    public void close() {
        traffic.close();
        try {
            portals.forEach(portal -> portal.part().stop());
        } catch (LabException e) {
            throw new ScenarioFailure("a portal does not stop: " + e.getMessage());
        } finally {
            database.stop();
        }
    }

    private Set<Access> live() {
        return database.sql(LIVE).stream()
                .map(line -> line.split(" ", -1))
                .map(field -> new Access(field[0], field[1], field[2]))
                .collect(Collectors.toSet());
    }

    private static String differing(Set<Access> live, Set<Access> held) {
        Set<Access> lost = new HashSet<>(live);
        lost.removeAll(held);
        Set<Access> letIn = new HashSet<>(held);
        letIn.removeAll(live);
        return "of " + live.size() + " flows " + lost.size() + " lost "
                + lost.stream().limit(3).toList() + ", " + letIn.size() + " let in without one "
                + letIn.stream().limit(3).toList();
    }
}
