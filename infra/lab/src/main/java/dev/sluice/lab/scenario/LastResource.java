package dev.sluice.lab.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.lab.Device;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;

/** When a client's last grant goes, so does the connection, without waiting for a timeout. */
final class LastResource implements Scenario {
    private static final double BOUND_MILLISECONDS = 1000;

    @Override
    public String name() {
        return "last-resource";
    }

    @Override
    public String promise() {
        return "the last resource goes: from the order until both ends have closed the connection";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        double closed = Median.of(() -> {
            stage.reach(Topology.RESOURCE_IPV4);
            String client = idAtTheGateway(lab);
            Check.that(connections(lab.client()) == 1, "the client has no connection");
            Check.that(isConnected(lab.gateway(), client), "the gateway has no connection to the client");
            long begin = System.nanoTime();
            stage.disablePolicy(Stage.NETWORK_IPV4);
            try {
                Check.within(
                        Stage.PATIENCE,
                        "both ends close",
                        () -> connections(lab.client()) == 0 && !isConnected(lab.gateway(), client));
                double took = Check.millisecondsSince(begin);
                // The connection goes with the refusal of an ask, which may come before the news of the resource.
                stage.awaitNoResource(lab.client(), Stage.NETWORK_IPV4);
                return took;
            } finally {
                stage.giveBack(Stage.NETWORK_IPV4);
            }
        });
        return Figure.milliseconds(closed, BOUND_MILLISECONDS);
    }

    private static String idAtTheGateway(Lab lab) {
        String ipv4 = lab.client().status().path("tunnel").path("ipv4").asText();
        for (JsonNode client : lab.gateway().status().path("clients")) {
            if (client.path("ipv4").asText().equals(ipv4)) {
                return client.path("id").asText();
            }
        }
        throw new ScenarioFailure("the gateway does not know the client");
    }

    /** Of this client alone: one that left while the portal granted what it had asked for is waited for in vain. */
    private static boolean isConnected(Device gateway, String client) {
        for (JsonNode connection : gateway.status().path("connections")) {
            if (connection.path("client_id").asText().equals(client)) {
                return true;
            }
        }
        return false;
    }

    private static int connections(Device device) {
        return device.status().path("connections").size();
    }
}
