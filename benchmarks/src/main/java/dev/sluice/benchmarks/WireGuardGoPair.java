package dev.sluice.benchmarks;

/** Two of Debian's wireguard-go, on the same hosts and with the same MTU as ours, towards an address of their own. */
final class WireGuardGoPair implements TunnelPair {
    private static final String TARGET = "10.99.0.1";
    private static final String CLIENT_DEVICE = "wgbenchc";
    private static final String GATEWAY_DEVICE = "wgbenchg";
    private static final String CLIENT_ADDRESS = "10.200.0.1";
    private static final String GATEWAY_ADDRESS = "10.200.0.2";
    private static final int PORT = 51999;
    private static final int MTU = 1280;

    /** The gateway's address on the underlay, and those of the link between it and the resource. */
    private static final String GATEWAY_OUTER = "172.31.0.100";

    private static final String GATEWAY_INNER = "172.20.0.2";
    private static final String RESOURCE_INNER = "172.20.0.100";

    private final LabHosts lab;

    WireGuardGoPair(LabHosts lab) {
        this.lab = lab;
    }

    @Override
    public String name() {
        return "wireguard-go (Debian)";
    }

    @Override
    public void start() {
        String clientKey = device(LabHosts.CLIENT, CLIENT_DEVICE, CLIENT_ADDRESS);
        String gatewayKey = device(LabHosts.GATEWAY, GATEWAY_DEVICE, GATEWAY_ADDRESS);
        lab.script(
                LabHosts.CLIENT,
                "wg set %s peer '%s' endpoint %s:%d allowed-ips %s/32,%s/32; ip route add %s/32 dev %s"
                        .formatted(
                                CLIENT_DEVICE,
                                gatewayKey,
                                GATEWAY_OUTER,
                                PORT,
                                GATEWAY_ADDRESS,
                                TARGET,
                                TARGET,
                                CLIENT_DEVICE));
        lab.script(
                LabHosts.GATEWAY,
                "wg set %s listen-port %d peer '%s' allowed-ips %s/32; ip route add %s/32 via %s"
                        .formatted(GATEWAY_DEVICE, PORT, clientKey, CLIENT_ADDRESS, TARGET, RESOURCE_INNER));
        lab.script(
                LabHosts.RESOURCE,
                "ip address add %s/32 dev lo; ip route add %s/32 via %s"
                        .formatted(TARGET, CLIENT_ADDRESS, GATEWAY_INNER));
    }

    @Override
    public String target() {
        return TARGET;
    }

    @Override
    public String clientProcess() {
        return "wireguard-go " + CLIENT_DEVICE;
    }

    @Override
    public String gatewayProcess() {
        return "wireguard-go " + GATEWAY_DEVICE;
    }

    /** The routes of the devices go with them; a device goes when its control socket is removed. */
    @Override
    public void stop() {
        lab.script(LabHosts.CLIENT, "rm -f /var/run/wireguard/" + CLIENT_DEVICE + ".sock");
        lab.script(LabHosts.GATEWAY, "rm -f /var/run/wireguard/" + GATEWAY_DEVICE + ".sock; ip route del " + TARGET);
        lab.script(LabHosts.RESOURCE, "ip address del " + TARGET + "/32 dev lo; ip route del " + CLIENT_ADDRESS);
    }

    /** Makes a device with a new key, and returns its public key. */
    private String device(String host, String device, String address) {
        return lab.script(host, """
                        umask 077
                        mkdir -p /var/run/wireguard
                        wireguard-go %1$s >/dev/null 2>&1
                        wg genkey > "$HOME/%1$s.key"
                        wg set %1$s private-key "$HOME/%1$s.key"
                        wg pubkey < "$HOME/%1$s.key"
                        rm "$HOME/%1$s.key"
                        ip address add %2$s/24 dev %1$s
                        ip link set %1$s mtu %3$d up
                        """.formatted(device, address, MTU)).strip();
    }
}
