package dev.sluice.lab.scenario;

import dev.sluice.lab.Curl;
import dev.sluice.lab.Download;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Network;
import dev.sluice.lab.Topology;
import java.time.Duration;
import java.util.Map;

/** Nothing for the resource leaves the client in clear, whatever state its tunnel is in. */
final class NoLeak implements Scenario {
    private static final Duration SHORT = Duration.ofSeconds(2);

    @Override
    public String name() {
        return "no-leak";
    }

    @Override
    public String promise() {
        return "no packet for a resource leaves in clear: buffered, denied, client killed, signed out, resource gone";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        long before = leaked();
        buffered(stage);
        denied(stage);
        established(stage);
        killed(stage);
        signedOut(stage);
        long count = leaked() - before;
        return Figure.count(count, 0, "packets in clear on the routers");
    }

    private static void buffered(Stage stage) throws Exception {
        stage.hold(stage.lab().gateway());
        try {
            Check.that(!stage.get(Topology.RESOURCE_IPV4, SHORT).succeeded(), "a request passed without a gateway");
        } finally {
            stage.release(stage.lab().gateway());
        }
        stage.reach(Topology.RESOURCE_IPV4);
    }

    private static void denied(Stage stage) throws Exception {
        stage.hold(stage.lab().client());
        stage.disablePolicy(Stage.NETWORK_IPV4);
        try {
            Check.that(!stage.get(Topology.RESOURCE_IPV4, SHORT).succeeded(), "a request passed without a policy");
        } finally {
            stage.release(stage.lab().client());
            stage.giveBack(Stage.NETWORK_IPV4);
        }
    }

    /** The resource goes while a transfer is under way: what TCP sends again bears the tunnel's address. */
    private static void established(Stage stage) throws Exception {
        // Having been refused, the client asks again after 2 s.
        Check.within(
                Stage.PATIENCE,
                "the client gets through again",
                () -> stage.get(Topology.RESOURCE_IPV4).succeeded());
        try (Download download = Download.slow(Topology.CLIENT, Topology.RESOURCE_IPV4, Duration.ofSeconds(30))) {
            Check.within(Stage.PATIENCE, "the transfer runs", () -> download.bytes() > 0);
            stage.disablePolicy(Stage.NETWORK_IPV4);
            Check.within(Stage.PATIENCE, "the transfer stops", () -> download.ended() || download.silentFor(SHORT));
        } finally {
            stage.giveBack(Stage.NETWORK_IPV4);
        }
    }

    private static void killed(Stage stage) throws Exception {
        stage.reach(Topology.RESOURCE_IPV4);
        stage.lab().client().part().kill();
        for (String address : new String[] {Topology.RESOURCE_IPV4, Topology.RESOURCE_IPV6}) {
            Curl curl = stage.get(address, SHORT);
            Check.that(curl.refused(), "with the client killed " + address + " is not unreachable: " + curl.error());
        }
        stage.restartClient(Map.of());
        stage.reach(Topology.RESOURCE_IPV4);
    }

    private static void signedOut(Stage stage) throws Exception {
        try (SecondClient second = SecondClient.signedIn(stage)) {
            second.reach(Topology.RESOURCE_IPV4);
            second.deleteToken();
            Check.within(Stage.PATIENCE, "the client is signed out", second::isSignedOut);
            Curl curl = second.get(Topology.RESOURCE_IPV4, SHORT);
            Check.that(curl.refused(), "signed out, the resource is not unreachable: " + curl.error());
        }
    }

    static long leaked() {
        return Network.leaked(Topology.CLIENT_ROUTER) + Network.leaked(Topology.GATEWAY_ROUTER);
    }
}
