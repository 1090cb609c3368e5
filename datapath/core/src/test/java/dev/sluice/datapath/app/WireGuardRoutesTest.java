package dev.sluice.datapath.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.io.route.RouteSettings;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wireguard.WireGuardConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class WireGuardRoutesTest {
    private static final String PRIVATE = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    private static final String PUBLIC = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

    @Test
    void shouldLeadEverythingIntoTheTunnelBehindTheHostsNetworks() {
        WireGuardRoutes routes = of("Address = 10.64.1.2/32", "AllowedIPs = 0.0.0.0/0, ::/0");

        assertThat(routes.settings().internet()).containsExactly(IpPrefix.parse("0.0.0.0/0"), IpPrefix.parse("::/0"));
        assertThat(routes.settings().resources()).isEmpty();
        assertThat(routes.settings().outside()).containsExactly(IpPrefix.parse("192.0.2.0/24"));
        assertThat(routes.warnings()).isEmpty();
    }

    @Test
    void shouldTakeTwoHalvesForTheWhole() {
        WireGuardRoutes routes = of("", "AllowedIPs = 0.0.0.0/1, 128.0.0.0/1, ::/1, 8000::/1, 10.0.0.0/8");

        assertThat(routes.settings().internet())
                .containsExactlyInAnyOrder(
                        IpPrefix.parse("0.0.0.0/0"), IpPrefix.parse("::/0"), IpPrefix.parse("10.0.0.0/8"));
    }

    @Test
    void shouldHonourTheTable() {
        assertThat(of("Table = off", "AllowedIPs = 0.0.0.0/0, ::/0").settings().internet())
                .isEmpty();
        RouteSettings named = of("Table = 4242", "AllowedIPs = 0.0.0.0/0, ::/0").settings();
        assertThat(named.table()).isEqualTo(4242);
        assertThat(named.resources()).hasSize(2);
        assertThat(named.internet()).isEmpty();
    }

    @Test
    void shouldSayWhatIsNotAsItsOwnerMayThink() {
        assertThat(of("DNS = 10.64.0.1", "AllowedIPs = 0.0.0.0/0, ::/0").warnings())
                .singleElement()
                .asString()
                .contains("10.64.0.1", "not applied", "in clear", "resolvectl");
        assertThat(of("", "AllowedIPs = 0.0.0.0/0").warnings())
                .singleElement()
                .asString()
                .contains("IPv6 beside it in clear", "::/0");
        assertThat(of("", "AllowedIPs = 10.0.0.0/8").warnings()).isEmpty();
    }

    private static WireGuardRoutes of(String ofInterface, String ofPeer) {
        WireGuardConfig config = WireGuardConfig.parse("[Interface]\nPrivateKey = " + PRIVATE + "\n" + ofInterface
                + "\n[Peer]\nPublicKey = " + PUBLIC + "\n" + ofPeer + "\n");
        return WireGuardRoutes.of(config, List.of(IpPrefix.parse("192.0.2.0/24")));
    }
}
