package dev.sluice.datapath.wireguard;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wire.TransportData;
import dev.sluice.datapath.wireguard.WireGuardConfig.InterfaceAddress;
import dev.sluice.datapath.wireguard.WireGuardConfig.PeerConfig;
import dev.sluice.datapath.wireguard.WireGuardConfig.Routing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one file: sections, then {@code key = value} lines; {@code #} begins a comment; case of names does not matter. A
 * key that is there twice counts as the last one, as with {@code wg}; so does a peer, whose allowed IPs add up.
 */
final class WireGuardConfigParser {
    private static final Set<String> COMMANDS = Set.of("preup", "postup", "predown", "postdown");

    private static final String BYTE_ORDER_MARK = "\ufeff";

    private final Map<PublicKey, OpenPeer> peers = new LinkedHashMap<>();
    private final List<InterfaceAddress> addresses = new ArrayList<>();
    private final List<String> dns = new ArrayList<>();
    private Section section = Section.NONE;
    private boolean interfaceSeen;
    private @Nullable PrivateKey privateKey;
    private int listenPort;
    private int mark;
    private int mtu = WireGuardConfig.DEFAULT_MTU;
    private Routing routing = new Routing.Automatic();
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
        private @Nullable EndpointName name;
        private final List<IpPrefix> allowedIps = new ArrayList<>();
        private int persistentKeepalive;

        OpenPeer(int line) {
            this.line = line;
        }

        void merge(OpenPeer later) {
            if (!later.presharedKey.equals(PresharedKey.NONE)) {
                presharedKey = later.presharedKey;
            }
            if (later.endpoint != null || later.name != null) {
                endpoint = later.endpoint;
                name = later.name;
            }
            if (later.persistentKeepalive != 0) {
                persistentKeepalive = later.persistentKeepalive;
            }
            allowedIps.addAll(later.allowedIps);
        }

        PeerConfig config(PublicKey key) {
            return new PeerConfig(
                    key,
                    presharedKey,
                    endpoint,
                    name,
                    allowedIps.stream().distinct().toList(),
                    persistentKeepalive);
        }
    }

    WireGuardConfig parse(String text) {
        int line = 0;
        String lines = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        for (String raw : lines.split("\\R", -1)) {
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
        return new WireGuardConfig(
                KeyPair.of(privateKey),
                listenPort,
                mark,
                addresses,
                mtu,
                routing,
                dns,
                peers.entrySet().stream()
                        .map(entry -> entry.getValue().config(entry.getKey()))
                        .toList());
    }

    private void begin(String header, int line) {
        finishPeer();
        switch (header.toLowerCase(Locale.ROOT).replaceAll("\\s", "")) {
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
                        COMMANDS.contains(key)
                                ? "is a command, and commands of a file are not run here: remove this line, and run it"
                                        + " yourself beside if it is needed"
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
                : "PrivateKey, ListenPort, FwMark, Address, MTU, Table and DNS are";
    }

    private boolean interfaceSetting(String key, String value) {
        switch (key) {
            case "privatekey" -> privateKey = PrivateKey.parse(value);
            case "listenport" -> listenPort = number(value, 0, 0xffff);
            case "fwmark" -> mark = mark(value);
            case "mtu" -> mtu = number(value, 576, TransportData.LONGEST_PACKET);
            case "table" -> routing = routing(value);
            case "dns" -> dns.addAll(list(value));
            case "saveconfig" -> {
                if (!value.equalsIgnoreCase("false")) {
                    throw new IllegalArgumentException("this file is never written: remove this line");
                }
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
            case "publickey" -> open.publicKey = PublicKey.parse(value);
            case "presharedkey" -> open.presharedKey = PresharedKey.parse(value);
            case "endpoint" -> {
                open.endpoint = literal(value);
                open.name = open.endpoint == null ? EndpointName.parse(value) : null;
            }
            case "allowedips" -> {
                for (String prefix : list(value)) {
                    open.allowedIps.add(IpPrefix.parse(prefix));
                }
            }
            case "persistentkeepalive" ->
                open.persistentKeepalive = value.equalsIgnoreCase("off") ? 0 : number(value, 0, 0xffff);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void finishPeer() {
        if (peer == null) {
            return;
        }
        PublicKey key = peer.publicKey;
        if (key == null) {
            throw new WireGuardConfigException(peer.line, "this [Peer] has no PublicKey");
        }
        OpenPeer earlier = peers.putIfAbsent(key, peer);
        if (earlier != null) {
            earlier.merge(peer);
        }
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

    private static @Nullable Endpoint literal(String text) {
        try {
            return Endpoint.parse(text);
        } catch (IllegalArgumentException notLiteral) {
            return null;
        }
    }

    private static Routing routing(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "auto" -> new Routing.Automatic();
            case "off" -> new Routing.Off();
            case "main" -> new Routing.Table(254);
            default -> {
                try {
                    int number = Integer.decode(text);
                    if (number > 0) {
                        yield new Routing.Table(number);
                    }
                } catch (NumberFormatException noNumber) {
                    // the message below says what is to be written
                }
                throw new IllegalArgumentException("write auto, off, main or the number of a table");
            }
        };
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
