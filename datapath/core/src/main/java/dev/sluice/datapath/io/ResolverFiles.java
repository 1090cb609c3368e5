package dev.sluice.datapath.io;

import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the host's files say of looking names up (resolv.conf(5), hosts(5)).
 *
 * @param nameServers in the order to be asked; without any it is this host, and never a server that nobody named
 * @param searchDomains tried behind names with fewer than {@code dots} dots
 * @param hosts the hosts file, so that two of these are equal only while that is the same
 */
record ResolverFiles(List<InetSocketAddress> nameServers, List<String> searchDomains, int dots, String hosts) {
    private static final Path CONFIGURATION = Path.of("/etc/resolv.conf");
    private static final Path HOSTS = Path.of("/etc/hosts");
    private static final InetSocketAddress THIS_HOST = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 53);
    private static final int PORT = 53;
    private static final int MOST_DOTS = 15;

    static ResolverFiles read() {
        return of(text(CONFIGURATION), text(HOSTS));
    }

    /** What texts of these files say. Lines that cannot be read are skipped, as by the system's resolver. */
    static ResolverFiles of(String configuration, String hosts) {
        List<InetSocketAddress> servers = new ArrayList<>();
        List<String> domains = List.of();
        int dots = 1;
        for (String line : configuration.lines().toList()) {
            String[] words = line.strip().split("\\s+");
            List<String> values = List.of(words).subList(1, words.length);
            switch (words[0]) {
                case "nameserver" -> values.stream().limit(1).forEach(address -> add(address, servers));
                case "search", "domain" -> domains = values;
                case "options" -> dots = dots(values, dots);
                default -> {
                    // Comments, and what this resolver has no use for.
                }
            }
        }
        return new ResolverFiles(servers.isEmpty() ? List.of(THIS_HOST) : List.copyOf(servers), domains, dots, hosts);
    }

    /** For every name the same. */
    DnsServerAddressStreamProvider servers() {
        return name -> DnsServerAddresses.sequential(nameServers).stream();
    }

    private static void add(String address, List<InetSocketAddress> servers) {
        // A literal, with the scope of a link-local address perhaps: nothing is looked up.
        if (address.matches("[0-9A-Fa-f.:]+(%[^\\s]+)?")) {
            try {
                servers.add(new InetSocketAddress(InetAddress.getByName(address), PORT));
            } catch (UnknownHostException malformed) {
                // The next one may be one.
            }
        }
    }

    private static int dots(List<String> options, int otherwise) {
        return options.stream()
                .filter(option -> option.matches("ndots:[0-9]{1,2}"))
                .map(option -> Math.min(MOST_DOTS, Integer.parseInt(option.substring("ndots:".length()))))
                .reduce((first, last) -> last)
                .orElse(otherwise);
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException absent) {
            return "";
        }
    }
}
