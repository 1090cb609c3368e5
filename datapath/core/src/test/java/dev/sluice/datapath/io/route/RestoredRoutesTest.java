package dev.sluice.datapath.io.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody else takes away what is ours. */
class RestoredRoutesTest {
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ip rule del priority 20100",
                "ip -6 rule del priority 20100",
                "ip rule del priority 20400",
                "ip route flush table 20931",
                "ip -6 route flush table 20931",
                "ip route flush table 20934",
                "ip link set sluice0 down",
                "ip link set sluice0 down && ip link set sluice0 up",
                "ip addr flush dev sluice0"
            })
    void shouldPutBackWhatSomebodyElseTookAway(String command) throws Exception {
        host.configure("172.20.0.0/16", "172:20::/64");
        String before = host.everything();

        host.command(command);
        List<String> missing = host.run(host.routes()::restore);

        assertThat(missing).isNotEmpty();
        assertThat(host.everything()).isEqualTo(before);
        assertThat(host.run(host.routes()::restore)).isEmpty();
    }

    @Test
    void shouldGoOnRefusingUntilAllIsSet() throws Exception {
        HostRoutes absent = host.run(() -> KernelHostRoutes.open("absent"));
        assertThat(host.run(absent::restore)).as("nothing was asked for").isEmpty();

        assertThatThrownBy(() -> host.run(() -> {
                    absent.configure(RouteSettings.of(RoutedHost.ADDRESSES, List.of()));
                    return null;
                }))
                .hasMessageContaining("no interface absent");
        assertThatThrownBy(() -> host.run(absent::restore)).hasMessageContaining("no interface absent");
    }

    @Test
    void shouldHearOfForeignHandsAndNotOfItsOwn() throws Exception {
        host.configure("172.20.0.0/16", "172:20::/64");
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        HostWatch watch = host.run(() -> HostWatch.start("sluice0", host.routes(), heard::add));
        try {
            host.configure("172.20.0.0/16");
            host.command("ip rule del priority 20100");
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isNotNull();
            assertThat(heard).as("its own came first, had they been told").isEmpty();

            host.configure("172.20.0.0/16");
            for (String command : List.of(
                    "ip rule del priority 20100",
                    "ip route flush table 20931",
                    "ip link set sluice0 down",
                    "ip addr flush dev sluice0")) {
                heard.clear();
                host.command(command);
                assertThat(heard.poll(10, TimeUnit.SECONDS)).as(command).isNotNull();
            }
        } finally {
            watch.close();
        }
    }
}
