package dev.sluice.lab.scenario;

import dev.sluice.lab.Device;
import dev.sluice.lab.Download;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Network;
import dev.sluice.lab.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Somebody else takes our rules, routes and addresses away, on the client's host and on the gateway's, under a transfer
 * and while new connections begin: nothing leaves in clear, in either direction, and everything comes back.
 */
final class ForeignHands implements Scenario {
    private static final Duration BOUND = Duration.ofSeconds(1);
    private static final Duration TRANSFER = Duration.ofSeconds(90);

    private static final List<String> DEEDS = List.of(
            "ip rule del priority 20100",
            "ip -6 rule del priority 20100",
            "ip route flush table 20931",
            "ip link set sluice0 down; ip link set sluice0 up",
            "ip addr flush dev sluice0");

    private static final String EVERYTHING = "printf 'rule del priority 20100\\nrule del priority 20400\\n"
            + "route flush table 20931\\nroute flush table 20934\\n' > /tmp/deed;"
            + " ip -4 -force -batch /tmp/deed; ip -6 -force -batch /tmp/deed; rm /tmp/deed";

    @Override
    public String name() {
        return "foreign-hands";
    }

    @Override
    public String promise() {
        return "rules, routes, addresses and the device taken away by others: back within 1 s, and nothing leaves in clear";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        stage.reach(Topology.RESOURCE_IPV4);
        stage.reach(Topology.RESOURCE_IPV6);
        long before = NoLeak.leaked();
        List<Double> times = new ArrayList<>();
        try (Download download = Download.slow(Topology.CLIENT, Topology.RESOURCE_IPV4, TRANSFER);
                Connections newcomers = Connections.every(Duration.ofMillis(10), Topology.CLIENT)) {
            for (Device device : List.of(lab.client(), lab.gateway())) {
                for (String deed : DEEDS) {
                    times.add(suffer(device, deed));
                    Check.within(Stage.PATIENCE, "the transfer goes on after " + deed, goesOn(download));
                }
                times.add(suffer(device, EVERYTHING));
                Check.within(Stage.PATIENCE, "the transfer goes on", goesOn(download));
            }
            Check.that(newcomers.count() > 0, "no connection was tried");
        }
        stage.reach(Topology.RESOURCE_IPV4);
        long leaked = NoLeak.leaked() - before;
        Check.that(leaked == 0, leaked + " packets left in clear");
        double slowest = times.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        return Figure.milliseconds(
                slowest, BOUND.toMillis(), "the slowest of " + times.size() + " to be undone, 0 packets in clear");
    }

    /** The milliseconds until the host is again as it was. */
    private static double suffer(Device device, String deed) throws Exception {
        String before = state(device.host());
        Network.shell(device.host(), deed);
        return Check.within(
                Stage.PATIENCE,
                device.host() + " is as before after " + deed,
                () -> state(device.host()).equals(before));
    }

    private static Callable<Boolean> goesOn(Download download) {
        long bytes = download.bytes();
        return () -> download.bytes() > bytes;
    }

    private static String state(String host) {
        return Network.shell(
                host,
                "for f in -4 -6; do ip $f rule show; ip $f addr show dev sluice0 | grep -o 'inet.*/[0-9]*';"
                        + " for t in 20931 20934; do ip $f route show table $t; done; done;"
                        + " ip -o link show dev sluice0 | grep -o '[<,]UP[,>]'");
    }
}
