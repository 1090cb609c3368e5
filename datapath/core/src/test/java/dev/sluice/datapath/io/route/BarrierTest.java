package dev.sluice.datapath.io.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** By the packets that leave. */
class BarrierTest {
    private RoutedHost host;

    @BeforeEach
    void start() throws Exception {
        host = RoutedHost.create();
    }

    @AfterEach
    void stop() throws Exception {
        if (host != null) {
            host.close();
        }
    }

    @Test
    void shouldLetNothingOutInClearWhateverBecomesOfRulesAndRoutes() throws Exception {
        host.outside();
        host.configure("172.20.0.0/16", "172:20::/64");
        assumeThat(host.routes().hasBarrier()).isTrue();

        host.command("ip rule del priority 20100; ip rule del priority 20400;"
                + " ip -6 rule del priority 20100; ip -6 rule del priority 20400; ip route flush table 20931");
        assertThat(host.ip("route get 172.20.0.100")).contains("dev outside");
        host.send("172.20.0.100");
        host.send("172:20::100");
        assertThat(host.leftFor("172.20.0.100")).isZero();
        assertThat(host.run(host.routes()::stopped)).isEqualTo(2);

        host.send("172.21.0.100");
        assertThat(host.leftFor("172.21.0.100"))
                .as("what is no resource's passes")
                .isEqualTo(1);
    }

    @Test
    void shouldKeepTheBarrierUpToTheResourcesOfNow() throws Exception {
        host.outside();
        host.configure("172.20.0.0/16", "10.0.0.0/8", "10.1.0.0/16");
        assumeThat(host.routes().hasBarrier()).isTrue();
        host.configure("10.1.0.0/16");

        host.send("172.20.0.100");
        assertThat(host.leftFor("172.20.0.100")).isEqualTo(1);
        host.command("ip rule del priority 20100; ip rule del priority 20400");
        host.send("10.1.2.3");
        host.send("10.2.2.3");
        assertThat(host.leftFor("10.1.2.3")).isZero();
        assertThat(host.leftFor("10.2.2.3")).isEqualTo(1);
    }
}
