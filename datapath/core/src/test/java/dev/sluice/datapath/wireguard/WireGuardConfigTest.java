package dev.sluice.datapath.wireguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpPrefix;
import org.junit.jupiter.api.Test;

class WireGuardConfigTest {
    private static final String PRIVATE = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    private static final String PUBLIC = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
    private static final String PRESHARED = "FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE=";
    private static final String INTERFACE = "[Interface]\nPrivateKey = " + PRIVATE + "\n";

    @Test
    void shouldReadEveryKey() {
        WireGuardConfig config = WireGuardConfig.parse("""
                # a comment
                [Interface]
                PrivateKey = %s
                ListenPort = 51820   # another
                FwMark = 0x51c3
                Address = 10.0.0.1/24, fd00::1/64
                Address = 10.1.0.1
                MTU = 1280

                [Peer]
                PublicKey=%s
                PresharedKey=%s
                AllowedIPs = 10.0.0.2/32, fd00::2
                AllowedIPs = 192.168.1.7/24
                Endpoint = [2001:db8::1]:51821
                PersistentKeepalive = 25
                """.formatted(PRIVATE, PUBLIC, PRESHARED));

        assertThat(config.keys()).isEqualTo(KeyPair.of(PrivateKey.parse(PRIVATE)));
        assertThat(config.listenPort()).isEqualTo(51820);
        assertThat(config.mark()).isEqualTo(0x51c3);
        assertThat(config.addresses())
                .extracting(Object::toString)
                .containsExactly("10.0.0.1/24", "fd00::1/64", "10.1.0.1/32");
        assertThat(config.mtu()).isEqualTo(1280);
        assertThat(config.peers()).hasSize(1);
        WireGuardConfig.PeerConfig peer = config.peers().getFirst();
        assertThat(peer.publicKey()).isEqualTo(PublicKey.parse(PUBLIC));
        assertThat(peer.presharedKey()).isEqualTo(PresharedKey.parse(PRESHARED));
        assertThat(peer.endpoint()).isEqualTo(Endpoint.parse("[2001:db8::1]:51821"));
        assertThat(peer.persistentKeepalive()).isEqualTo(25);
        assertThat(peer.allowedIps())
                .containsExactly(
                        IpPrefix.parse("10.0.0.2/32"), IpPrefix.parse("fd00::2/128"), IpPrefix.parse("192.168.1.0/24"));
    }

    @Test
    void shouldHaveDefaults() {
        WireGuardConfig config =
                WireGuardConfig.parse(INTERFACE + "[Peer]\r\npublickey=" + PUBLIC + "\r\npersistentkeepalive=off\r\n");

        assertThat(config.listenPort()).isZero();
        assertThat(config.mark()).isZero();
        assertThat(config.addresses()).isEmpty();
        assertThat(config.mtu()).isEqualTo(1420);
        WireGuardConfig.PeerConfig peer = config.peers().getFirst();
        assertThat(peer.presharedKey()).isEqualTo(PresharedKey.NONE);
        assertThat(peer.endpoint()).isNull();
        assertThat(peer.allowedIps()).isEmpty();
        assertThat(peer.persistentKeepalive()).isZero();
    }

    @Test
    void shouldNameTheLineAndTheRemedy() {
        refused("", "no [Interface]", "wg genkey");
        refused(INTERFACE + "Wrong = 1", "line 3", "Wrong", "ListenPort");
        refused(INTERFACE + "PostUp = iptables", "line 3", "PostUp", "remove this line");
        refused(INTERFACE + "SaveConfig = true", "line 3", "SaveConfig", "remove this line");
        refused(INTERFACE + "Table = nowhere", "line 3", "Table", "auto, off");
        refused(INTERFACE + "ListenPort = 65536", "line 3", "ListenPort", "0 to 65535");
        refused(INTERFACE + "MTU = 10", "line 3", "MTU");
        refused(INTERFACE + "MTU = 2017", "line 3", "MTU", "576 to 2016");
        refused(INTERFACE + "FwMark = x", "line 3", "FwMark");
        refused(INTERFACE + "Address = 10.0.0.0/33", "line 3", "Address");
        refused(INTERFACE + "nonsense", "line 3", "Key = value");
        refused(INTERFACE + INTERFACE, "line 3", "second [Interface]");
        refused(INTERFACE + "[Other]", "line 3", "unknown section");
        refused("PrivateKey=" + PRIVATE, "line 1", "[Interface]");
        refused(INTERFACE + "[Peer]\nAllowedIPs = 0.0.0.0/0", "line 3", "no PublicKey");
        refused(INTERFACE + "[Peer]\nEndpoint = vpn example:51820", "line 4", "a name or an address with a port");
        refused(INTERFACE + "[Peer]\nEndpoint = vpn.example.com", "line 4", "a name or an address with a port");
        refused(INTERFACE + "[Peer]\nEndpoint = 192.0.2.300:51820", "line 4", "a name or an address with a port");
        String peer = "[Peer]\nPublicKey=" + PUBLIC + "\n";
        refused(INTERFACE + peer + "Address = 10.0.0.1/24", "line 5", "Address", "AllowedIPs");
    }

    @Test
    void shouldReadFilesAsEditorsAndProvidersWriteThem() {
        WireGuardConfig config = WireGuardConfig.parse("\ufeff[ Interface ]\r\nPrivateKey=" + PRIVATE
                + "\r\nAddress = 10.64.1.2/32,fd00::2/128\r\nDNS = 10.64.0.1, example.com\r\nTable = 1234\r\n"
                + "SaveConfig = false\r\n\r\n[ Peer ]\r\nPublicKey = " + PUBLIC
                + "\r\nAllowedIPs = 0.0.0.0/0, ::/0\r\nEndpoint = de-ber.vpn.example:51820\r\n");

        assertThat(config.dns()).containsExactly("10.64.0.1", "example.com");
        assertThat(config.routing()).isEqualTo(new WireGuardConfig.Routing.Table(1234));
        WireGuardConfig.PeerConfig peer = config.peers().getFirst();
        assertThat(peer.endpoint()).isNull();
        assertThat(peer.name()).isEqualTo(new EndpointName("de-ber.vpn.example", 51820));
    }

    @Test
    void shouldTakeALinkLocalEndpointWithItsInterface() {
        WireGuardConfig config =
                WireGuardConfig.parse(INTERFACE + "[Peer]\nPublicKey=" + PUBLIC + "\nEndpoint = [fe80::1%eth0]:51820");

        assertThat(config.peers().getFirst().name()).isEqualTo(new EndpointName("fe80::1%eth0", 51820));
    }

    @Test
    void shouldMergeAPeerThatIsThereTwice() {
        String peer = "[Peer]\nPublicKey=" + PUBLIC + "\n";
        WireGuardConfig config = WireGuardConfig.parse(INTERFACE + peer
                + "AllowedIPs = 10.0.0.0/24\nEndpoint = 192.0.2.1:1\nPersistentKeepalive = 5\n" + peer
                + "AllowedIPs = 10.0.1.0/24\nEndpoint = 192.0.2.2:2\n");

        assertThat(config.peers()).hasSize(1);
        WireGuardConfig.PeerConfig merged = config.peers().getFirst();
        assertThat(merged.allowedIps()).containsExactly(IpPrefix.parse("10.0.0.0/24"), IpPrefix.parse("10.0.1.0/24"));
        assertThat(merged.endpoint()).isEqualTo(Endpoint.parse("192.0.2.2:2"));
        assertThat(merged.persistentKeepalive()).isEqualTo(5);
    }

    @Test
    void shouldNeverRepeatAKey() {
        refused("[Interface]\nPrivateKey = " + PRIVATE + "=", "line 2", "the private key");
        refused("[Interface]\nPrivateKey = " + PRIVATE.substring(0, 40), "line 2", "the private key");
        refused("[Interface]\n" + PRIVATE, "line 2");
        refused("[Interface]\n" + PRIVATE + " = x", "line 2");
        assertThat(WireGuardConfig.parse(INTERFACE + "[Peer]\nPublicKey=" + PUBLIC + "\nPresharedKey=" + PRESHARED)
                        .toString())
                .doesNotContain(PRIVATE, PRESHARED);
    }

    private static void refused(String text, String... fragments) {
        assertThatThrownBy(() -> WireGuardConfig.parse(text))
                .isInstanceOf(WireGuardConfigException.class)
                .hasMessageContainingAll(fragments)
                .message()
                .doesNotContain(PRIVATE.substring(0, 30));
    }
}
