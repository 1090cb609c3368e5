package dev.sluice.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One end of a plain WireGuard tunnel: ours, or Debian's wireguard-go.
 *
 * @param host where it runs
 * @param outer its address below the tunnel
 * @param number tells the two ends apart; its addresses in the tunnel are 10.99.0.NUMBER and fd99::NUMBER
 * @param ours whether it is ours
 */
public record WireGuardHost(String host, String outer, int number, boolean ours, WireGuardKeys keys) {
    private static final int PORT = 51820;
    private static final String DEVICE = "wg0";

    /** An end with keys of its own. */
    public static WireGuardHost of(String host, String outer, int number, boolean ours) {
        return new WireGuardHost(host, outer, number, ours, WireGuardKeys.generate());
    }

    /** A preshared key for a pair of ends. */
    public static String presharedKey() {
        return WireGuardKeys.preshared();
    }

    /** Its address in the tunnel, of IPv4. */
    public String inner() {
        return "10.99.0." + number;
    }

    /** Its address in the tunnel, of IPv6. */
    public String innerIpv6() {
        return "fd99::" + number;
    }

    /** Starts it towards {@code peer}; {@code settings} are environment variables, for our own alone. */
    public Part start(WireGuardHost peer, String presharedKey, Map<String, String> settings)
            throws InterruptedException {
        return ours ? startOurs(peer, presharedKey, settings) : startTheirs(peer, presharedKey);
    }

    /**
     * Starts ours from a file as providers hand it out: everything through {@code peer}, with a name server, the line ends
     * of another system and a byte order mark.
     */
    public Part startFromProvidersFile(WireGuardHost peer, String presharedKey) throws InterruptedException {
        String text = "\ufeff[Interface]\n# Device: Fröhlicher Wal\nPrivateKey = " + keys.privateKey() + "\nAddress = "
                + inner() + "/32," + innerIpv6() + "/128\nDNS = 10.99.0.53\n\n[ Peer ]\nPublicKey = "
                + peer.keys.publicKey() + "\nPresharedKey = " + presharedKey
                + "\nAllowedIPs = 0.0.0.0/0,::/0\nEndpoint = " + peer.outer + ":" + PORT + "\n";
        return startOurs(text.replace("\n", "\r\n"), Map.of());
    }

    /** When theirs has last completed a handshake, in seconds since 1970. */
    public long latestHandshake() {
        String line = Program.require(Program.on(host, List.of("wg", "show", DEVICE, "latest-handshakes")), "");
        return Long.parseLong(line.strip().split("\\s+")[1]);
    }

    private Part startOurs(WireGuardHost peer, String presharedKey, Map<String, String> settings)
            throws InterruptedException {
        return startOurs(
                "[Interface]\nPrivateKey = " + keys.privateKey() + "\nListenPort = " + PORT + "\nAddress = " + inner()
                        + "/24, " + innerIpv6() + "/64\nMTU = 1420\n\n" + peerSection(peer, presharedKey),
                settings);
    }

    private Part startOurs(String text, Map<String, String> settings) throws InterruptedException {
        Path file = write("ours.conf", text);
        Part part = new Part(host, () -> PartCommands.wireguard("--config", file.toString()), () -> {
            Map<String, String> all = HostEnvironment.of(host);
            all.put("SLUICE_LAB", "true");
            all.putAll(settings);
            return all;
        });
        part.start();
        awaitAddress(part);
        return part;
    }

    private Part startTheirs(WireGuardHost peer, String presharedKey) throws InterruptedException {
        Path file = write(
                "theirs.conf",
                "[Interface]\nPrivateKey = " + keys.privateKey() + "\nListenPort = " + PORT + "\n\n"
                        + peerSection(peer, presharedKey));
        Part part = new Part(host, () -> List.of("wireguard-go", "-f", DEVICE), () -> HostEnvironment.of(host));
        part.start();
        Path socket = Path.of("/run/wireguard", DEVICE + ".sock");
        Lab.await("wireguard-go", Duration.ofSeconds(10), part, () -> Files.exists(socket));
        Program.require(Program.on(host, List.of("wg", "setconf", DEVICE, file.toString())), "");
        Network.batch(
                host,
                "address add " + inner() + "/24 dev " + DEVICE + "\naddress add " + innerIpv6() + "/64 dev " + DEVICE
                        + "\nlink set " + DEVICE + " mtu 1420 up\n");
        return part;
    }

    private void awaitAddress(Part part) throws InterruptedException {
        Lab.await(
                "the WireGuard device of " + host,
                Duration.ofSeconds(20),
                part,
                () -> Program.require(List.of("ip", "-n", host, "-brief", "address"), "")
                        .contains(inner() + "/"));
    }

    private static String peerSection(WireGuardHost peer, String presharedKey) {
        return "[Peer]\nPublicKey = " + peer.keys.publicKey() + "\nPresharedKey = " + presharedKey + "\nAllowedIPs = "
                + peer.inner() + "/32, " + peer.innerIpv6() + "/128\nEndpoint = " + peer.outer + ":" + PORT + "\n";
    }

    private Path write(String name, String text) {
        Path file = Path.of(HostEnvironment.of(host).getOrDefault("HOME", "")).resolve(name);
        try {
            if (!Files.exists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(file, text);
            return file;
        } catch (IOException e) {
            throw new LabException("cannot write " + file, e);
        }
    }
}
