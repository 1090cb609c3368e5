package dev.sluice.datapath.wireguard;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wireguard.WireGuardConfig.InterfaceAddress;
import dev.sluice.datapath.wireguard.WireGuardConfig.PeerConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one file: sections, then {@code key = value} lines; {@code #} begins a comment; case of names does not matter. */
final class WireGuardConfigParser {
    private static final Set<String> QUICK_ONLY =
            Set.of("dns", "table", "preup", "postup", "predown", "postdown", "saveconfig");

    private final List<PeerConfig> peers = new ArrayList<>();
    private final List<InterfaceAddress> addresses = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private Section section = Section.NONE;
    private boolean interfaceSeen;
    private @Nullable PrivateKey privateKey;
    private int listenPort;
    private int mark;
    private int mtu = WireGuardConfig.DEFAULT_MTU;
    private @Nullable OpenPeer peer;

    private enum Section {
        NONE,
        INTERFACE,
        PEER
    }

    private static final class OpenPeer {
        private final int line;
        private @Nullable PublicKey publicKey;
        private PresharedKey presharedKey = PresharedKey.NONE;
        private @Nullable Endpoint endpoint;
        private final List<IpPrefix> allowedIps = new ArrayList<>();
        private int persistentKeepalive;

        OpenPeer(int line) {
            this.line = line;
        }
    }

    WireGuardConfig parse(String text) {
        int line = 0;
        for (String raw : text.split("\\R", -1)) {
            line++;
            int comment = raw.indexOf('#');
            String content = (comment < 0 ? raw : raw.substring(0, comment)).strip();
            if (content.startsWith("[")) {
                begin(content, line);
            } else if (!content.isEmpty()) {
                setting(content, line);
            }
        }
        finishPeer();
        if (privateKey == null) {
            throw new WireGuardConfigException(
                    "there is no [Interface] section with a PrivateKey: \"wg genkey\" makes one");
        }
        return new WireGuardConfig(KeyPair.of(privateKey), listenPort, mark, addresses, mtu, peers);
    }

    private void begin(String header, int line) {
        finishPeer();
        seen.clear();
        switch (header.toLowerCase(Locale.ROOT)) {
            case "[interface]" -> {
                if (interfaceSeen) {
                    throw new WireGuardConfigException(line, "a second [Interface] section: keep one");
                }
                interfaceSeen = true;
                section = Section.INTERFACE;
            }
            case "[peer]" -> {
                peer = new OpenPeer(line);
                section = Section.PEER;
            }
            default -> throw new WireGuardConfigException(line, "unknown section: write [Interface] or [Peer]");
        }
    }

    private void setting(String content, int line) {
        int equals = content.indexOf('=');
        if (equals < 0) {
            throw new WireGuardConfigException(line, "neither a section nor \"Key = value\"");
        }
        String name = content.substring(0, equals).strip();
        String key = name.toLowerCase(Locale.ROOT);
        String value = content.substring(equals + 1).strip();
        try {
            boolean known = switch (section) {
                case NONE -> throw new IllegalArgumentException("before it there must be a line [Interface] or [Peer]");
                case INTERFACE -> interfaceSetting(key, value);
                case PEER -> peer != null && peerSetting(peer, key, value);
            };
            if (!known) {
                throw new IllegalArgumentException(
                        QUICK_ONLY.contains(key)
                                ? "is a command of wg-quick's, which is not run here: remove it and do it beside"
                                : "is not known in this section: " + knownKeys());
            }
        } catch (IllegalArgumentException problem) {
            // A name may be a key in the wrong place: it is shown only when it cannot be one.
            String shown = name.matches("[A-Za-z]{1,24}") ? name + ": " : "";
            throw new WireGuardConfigException(line, shown + problem.getMessage());
        }
    }

    private String knownKeys() {
        return section == Section.PEER
                ? "PublicKey, PresharedKey, AllowedIPs, Endpoint and PersistentKeepalive are"
                : "PrivateKey, ListenPort, FwMark, Address and MTU are";
    }

    private boolean interfaceSetting(String key, String value) {
        switch (key) {
            case "privatekey" -> {
                once(key);
                privateKey = PrivateKey.parse(value);
            }
            case "listenport" -> {
                once(key);
                listenPort = number(value, 0, 0xffff);
            }
            case "fwmark" -> {
                once(key);
                mark = mark(value);
            }
            case "mtu" -> {
                once(key);
                mtu = number(value, 576, 65_000);
            }
            case "address" -> {
                for (String address : list(value)) {
                    addresses.add(interfaceAddress(address));
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean peerSetting(OpenPeer open, String key, String value) {
        switch (key) {
            case "publickey" -> {
                once(key);
                open.publicKey = PublicKey.parse(value);
            }
            case "presharedkey" -> {
                once(key);
                open.presharedKey = PresharedKey.parse(value);
            }
            case "endpoint" -> {
                once(key);
                open.endpoint = endpoint(value);
            }
            case "allowedips" -> {
                for (String prefix : list(value)) {
                    open.allowedIps.add(IpPrefix.parse(prefix));
                }
            }
            case "persistentkeepalive" -> {
                once(key);
                open.persistentKeepalive = value.equalsIgnoreCase("off") ? 0 : number(value, 0, 0xffff);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void once(String key) {
        if (!seen.add(key)) {
            throw new IllegalArgumentException("is there twice in one section: keep one");
        }
    }

    private void finishPeer() {
        if (peer == null) {
            return;
        }
        PublicKey key = peer.publicKey;
        if (key == null) {
            throw new WireGuardConfigException(peer.line, "this [Peer] has no PublicKey");
        }
        if (peers.stream().anyMatch(other -> other.publicKey().equals(key))) {
            throw new WireGuardConfigException(
                    peer.line, "this [Peer] has the PublicKey of an earlier one: merge them");
        }
        peers.add(new PeerConfig(key, peer.presharedKey, peer.endpoint, peer.allowedIps, peer.persistentKeepalive));
        peer = null;
    }

    private static List<String> list(String value) {
        List<String> items = new ArrayList<>();
        for (String item : value.split(",", -1)) {
            if (!item.isBlank()) {
                items.add(item.strip());
            }
        }
        return items;
    }

    private static InterfaceAddress interfaceAddress(String text) {
        int length = IpPrefix.parse(text).length();
        int slash = text.indexOf('/');
        return new InterfaceAddress(IpAddress.parse(slash < 0 ? text : text.substring(0, slash)), length);
    }

    private static Endpoint endpoint(String text) {
        try {
            return Endpoint.parse(text);
        } catch (IllegalArgumentException notLiteral) {
            throw new IllegalArgumentException(
                    "write an address with a port, 192.0.2.1:51820 or [2001:db8::1]:51820 (names are not looked up)");
        }
    }

    private static int mark(String text) {
        if (text.equalsIgnoreCase("off")) {
            return 0;
        }
        try {
            return text.startsWith("0x")
                    ? Integer.parseUnsignedInt(text.substring(2), 16)
                    : Integer.parseUnsignedInt(text);
        } catch (NumberFormatException notNumber) {
            throw new IllegalArgumentException("write a number, 0x and hexadecimal digits, or off");
        }
    }

    private static int number(String text, int lowest, int highest) {
        int number = text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : -1;
        if (number < lowest || number > highest) {
            throw new IllegalArgumentException("write a number from " + lowest + " to " + highest);
        }
        return number;
    }
}
