package dev.sluice.lab.scenario;

import dev.sluice.lab.Device;
import dev.sluice.lab.Echo;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Network;
import dev.sluice.lab.Topology;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;

/** The addresses of one end change under traffic, of both families: packets go on, and the portal hears of it at once. */
final class Roam implements Scenario {
    private static final double BOUND_MILLISECONDS = 3000;
    private static final Duration PACE = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name;
    private final Function<Lab, Device> end;
    private final String ipv4;
    private final String ipv6;

    private Roam(String name, Function<Lab, Device> end, String ipv4, String ipv6) {
        this.name = name;
        this.end = end;
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
    }

    static Roam client() {
        return new Roam("roam-client", Lab::client, Topology.CLIENT_IPV4, Topology.CLIENT_IPV6);
    }

    static Roam gateway() {
        return new Roam("roam-gateway", Lab::gateway, Topology.GATEWAY_IPV4, Topology.GATEWAY_IPV6);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String promise() {
        return "new addresses under traffic: until packets pass again, and until the portal is connected from there";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        stage.reach(Topology.RESOURCE_IPV4);
        Device device = end.apply(lab);
        try (Echo echo = Echo.start(Topology.CLIENT, Topology.RESOURCE_IPV4, PACE)) {
            Check.within(Stage.PATIENCE, "the echo runs", () -> echo.answered() > 10);
            long connections = connections(device);
            long begin = System.nanoTime();
            move(device, ipv4, other(ipv4), ipv6, other(ipv6));
            int before = echo.answered();
            Check.within(PATIENCE, "packets pass again", () -> echo.answered() > before + 10);
            double passing = Check.millisecondsSince(begin);
            Check.within(PATIENCE, "the portal is connected again", () -> connections(device) > connections);
            double connected = Check.millisecondsSince(begin);
            return Figure.milliseconds(
                    Math.max(passing, connected),
                    BOUND_MILLISECONDS,
                    String.format(Locale.ROOT, "packets %.0f ms, portal %.0f ms", passing, connected));
        } finally {
            move(device, other(ipv4), ipv4, other(ipv6), ipv6);
            device.part().stop();
        }
    }

    private static long connections(Device device) {
        return device.status().path("portal").path("connections").asLong();
    }

    private static String other(String address) {
        return address.substring(0, address.length() - 1) + "1";
    }

    /**
     * As when a host joins another network: first nothing, then new addresses and routes by them. The old addresses go
     * first, since an IPv4 address added beside one of the same network goes with that.
     */
    private static void move(Device device, String ipv4, String newIpv4, String ipv6, String newIpv6) {
        Network.shell(
                device.host(),
                "link=$(ip -o route show default table main | sed 's/.* dev \\([^ ]*\\).*/\\1/');"
                        + " ip addr del " + ipv4 + "/24 dev $link; ip addr del " + ipv6 + "/64 dev $link;"
                        + " ip addr add " + newIpv4 + "/24 dev $link; ip addr add " + newIpv6 + "/64 dev $link nodad;"
                        + " ip route replace default via " + router(ipv4, '.') + " dev $link;"
                        + " ip -6 route replace default via " + router(ipv6, ':') + " dev $link");
    }

    private static String router(String address, char separator) {
        return address.substring(0, address.lastIndexOf(separator) + 1) + "1";
    }
}
