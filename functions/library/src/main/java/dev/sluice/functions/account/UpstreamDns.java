package dev.sluice.functions.account;

import dev.sluice.functions.address.IpNetwork;
import dev.sluice.functions.address.Rfc5952;
import dev.sluice.functions.sql.RequestException;
import java.util.List;
import java.util.regex.Pattern;

/** A resolver as people write it, and as peers are told it: {@code 192.0.2.1:53}, {@code [2001:db8::1]:53}. */
final class UpstreamDns {
    private static final Pattern FORM = Pattern.compile("\\[([0-9A-Fa-f:.]+)](?::(\\d{1,5}))?|([0-9.]+):(\\d{1,5})");
    private static final int USUAL_PORT = 53;
    private static final int HIGHEST_PORT = 65535;

    private UpstreamDns() {}

    /** @throws RequestException when one of them is none */
    static List<String> parse(List<String> texts) {
        return texts.stream().map(UpstreamDns::parse).distinct().toList();
    }

    private static String parse(String text) {
        var match = FORM.matcher(text);
        boolean written = match.matches();
        boolean bracketed = written && match.group(1) != null;
        String literal = !written ? text : bracketed ? match.group(1) : match.group(3);
        String digits = !written ? null : bracketed ? match.group(2) : match.group(4);
        int port = digits == null ? USUAL_PORT : Integer.parseInt(digits);
        var address = IpNetwork.literal(literal).orElse(null);
        if (address == null || port < 1 || port > HIGHEST_PORT) {
            throw RequestException.argument(
                    "upstream_dns",
                    "'" + text
                            + "' is no resolver. Write its address, as 192.0.2.1 or 2001:db8::1, with its port if it is"
                            + " another than 53: 192.0.2.1:5353, [2001:db8::1]:5353.");
        }
        byte[] bytes = address.getAddress();
        String host = Rfc5952.format(bytes);
        return (bytes.length == 4 ? host : "[" + host + "]") + ":" + port;
    }
}
