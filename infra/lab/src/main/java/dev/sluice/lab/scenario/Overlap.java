package dev.sluice.lab.scenario;

import dev.sluice.lab.Lab;
import dev.sluice.lab.Network;
import dev.sluice.lab.Topology;
import java.util.List;
import java.util.Map;

/** A resource may cover the addresses of gateway and portal themselves. */
final class Overlap implements Scenario {
    private static final List<String> WIDE = List.of("172.16.0.0/12", "203.0.113.0/24");
    private static final String GROUP = "Group:Synced Group with long name";

    @Override
    public String name() {
        return "overlap";
    }

    @Override
    public String promise() {
        return "a resource that covers the gateway's and the portal's own addresses works, with rp_filter 0 and 2";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        for (String network : WIDE) {
            lab.portal()
                    .operate(
                            "resource",
                            "create",
                            "--type",
                            "cidr",
                            "--address",
                            network,
                            "--site",
                            Stage.SITE,
                            "--name",
                            "Overlap " + network);
            lab.portal().operate("policy", "create", "--group", GROUP, "--resource", network);
        }
        try {
            for (String mode : List.of("0", "2")) {
                reversePathFilter(mode);
                stage.restartClient(Map.of());
                for (String network : WIDE) {
                    stage.awaitResource(lab.client(), network);
                }
                stage.reach(Topology.RESOURCE_IPV4);
                stage.reach(Topology.RESOURCE_IPV6);
            }
            reversePathFilter("1");
            stage.startClientAnyhow();
            Check.within(
                    Stage.PATIENCE,
                    "the client's start says what to change about rp_filter",
                    () -> lab.recentLogs(200).stream()
                            .anyMatch(line -> line.contains(Topology.CLIENT + " |") && line.contains("rp_filter")));
            return Figure.fact("works with rp_filter 0 and 2, names the remedy with 1", "all three");
        } finally {
            lab.client().part().stop();
            reversePathFilter("0");
            for (String network : WIDE) {
                lab.portal().operate("resource", "delete", network);
            }
        }
    }

    private static void reversePathFilter(String mode) {
        for (String device : List.of("all", "default", "eth0")) {
            Network.sysctl(Topology.CLIENT, "ipv4/conf/" + device + "/rp_filter", mode);
        }
    }
}
