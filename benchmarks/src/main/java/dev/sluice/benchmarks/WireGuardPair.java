package dev.sluice.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Two plain WireGuard devices on the hosts of our client and gateway, with the same MTU as those, towards an address of
 * their own on the resource's host: Debian's wireguard-go or another build of it, or our own core without portal, grants
 * and filters.
 */
final class WireGuardPair implements TunnelPair {

    /** The gateway's address on the underlay, and those of the link between it and the resource. */
    private static final String GATEWAY_OUTER = "172.31.0.100";

    private static final String GATEWAY_INNER = "172.20.0.2";
    private static final String RESOURCE_INNER = "172.20.0.100";

    private final LabHosts lab;
    private final int mtu;
    private final String name;
    private final @Nullable String program;
    private final int number;
    private final String clientDevice;
    private final String gatewayDevice;

    /** @param program the command of a wireguard-go; null for our own */
    private WireGuardPair(LabHosts lab, int mtu, String name, @Nullable String program, int number) {
        this.lab = lab;
        this.mtu = mtu;
        this.name = name;
        this.program = program;
        this.number = number;
        this.clientDevice = "wgbench" + number + "c";
        this.gatewayDevice = "wgbench" + number + "g";
    }

    static WireGuardPair ours(LabHosts lab, int mtu) {
        return new WireGuardPair(lab, mtu, "sluice wireguard", null, 1);
    }

    static WireGuardPair theirs(LabHosts lab, int mtu) {
        return new WireGuardPair(lab, mtu, "wireguard-go (Debian)", "wireguard-go", 2);
    }

    /** Another build of wireguard-go, which is started as that is. */
    static WireGuardPair of(LabHosts lab, int mtu, Path program) {
        Path name = program.getFileName();
        return new WireGuardPair(lab, mtu, name.toString(), lab.inTree(program).toString(), 3);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start() {
        String clientKey = newKey(LabHosts.CLIENT, clientDevice);
        String gatewayKey = newKey(LabHosts.GATEWAY, gatewayDevice);
        List<String> toClient = List.of("AllowedIPs = " + address(1) + "/32");
        List<String> toGateway = List.of(
                "AllowedIPs = " + address(2) + "/32, " + target() + "/32",
                "Endpoint = " + GATEWAY_OUTER + ":" + port());
        startDevice(LabHosts.GATEWAY, gatewayDevice, address(2), clientKey, toClient);
        startDevice(LabHosts.CLIENT, clientDevice, address(1), gatewayKey, toGateway);
        lab.script(
                LabHosts.CLIENT, String.format(Locale.ROOT, "ip route replace %s/32 dev %s", target(), clientDevice));
        lab.script(
                LabHosts.GATEWAY,
                String.format(Locale.ROOT, "ip route replace %s/32 via %s", target(), RESOURCE_INNER));
        lab.script(
                LabHosts.RESOURCE,
                String.format(
                        Locale.ROOT,
                        "ip address add %s/32 dev lo; ip route add %s/32 via %s",
                        target(),
                        address(1),
                        GATEWAY_INNER));
    }

    @Override
    public String target() {
        return "10.201." + number + ".1";
    }

    @Override
    public String clientProcess() {
        return process(clientDevice);
    }

    @Override
    public String gatewayProcess() {
        return process(gatewayDevice);
    }

    @Override
    public boolean runsOnJvm() {
        return program == null;
    }

    @Override
    public void stop() {
        lab.script(LabHosts.CLIENT, "kill " + lab.process(clientProcess()));
        lab.script(
                LabHosts.GATEWAY,
                String.format(Locale.ROOT, "kill %d; ip route del %s", lab.process(gatewayProcess()), target()));
        lab.script(
                LabHosts.RESOURCE,
                String.format(Locale.ROOT, "ip address del %s/32 dev lo; ip route del %s", target(), address(1)));
    }

    private String process(String device) {
        return (program == null ? "dev.sluice.datapath.app.Main wireguard --interface" : program) + " " + device;
    }

    private String address(int end) {
        return "10.200." + number + "." + end;
    }

    private int port() {
        return 51990 + number;
    }

    /** Leaves a new private key on a host, and returns its public key. */
    private String newKey(String host, String device) {
        return lab.script(
                        host,
                        String.format(
                                Locale.ROOT,
                                "umask 077; wg genkey > $HOME/%1$s.key; wg pubkey < $HOME/%1$s.key",
                                device))
                .strip();
    }

    private void startDevice(String host, String device, String address, String peerKey, List<String> peerLines) {
        String start = program == null ? """
                  { echo "Address = %2$s/24"; echo "MTU = %3$d"; cat peer; } >> %1$s.conf
                  %4$s wireguard --interface %1$s --config $HOME/%1$s.conf > %1$s.log 2>&1 &
                  for i in $(seq 200); do ip -brief address show dev %1$s 2>&1 | grep -q %2$s && exit; sleep 0.1; done
                  cat %1$s.log; exit 1
                  """ : """
                  cat peer >> %1$s.conf
                  %4$s %1$s > %1$s.log 2>&1
                  wg setconf %1$s %1$s.conf
                  ip address add %2$s/24 dev %1$s
                  ip link set %1$s mtu %3$d up
                  """;
        lab.script(
                host,
                String.format(Locale.ROOT, """
                umask 077
                cd $HOME
                { echo "[Interface]"; echo "PrivateKey = $(cat %1$s.key)"; echo "ListenPort = %2$d"; } > %1$s.conf
                printf '%%s\\n' '[Peer]' 'PublicKey = %3$s' '%4$s' > peer
                """, device, port(), peerKey, String.join("' '", peerLines))
                        + String.format(
                                Locale.ROOT, start, device, address, mtu, program == null ? lab.launcher() : program));
    }
}
