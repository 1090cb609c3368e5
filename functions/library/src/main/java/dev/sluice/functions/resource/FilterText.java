package dev.sluice.functions.resource;

import dev.sluice.channel.Filter;
import dev.sluice.channel.Filter.Protocol;
import dev.sluice.functions.sql.RequestException;
import java.util.List;
import java.util.regex.Pattern;

/** Filters as an operator types them and as the database keeps them: {@code icmp}, {@code udp}, {@code tcp:80-90}. */
public final class FilterText {
    private static final Pattern FORM = Pattern.compile("(icmp|tcp|udp)(?::(\\d{1,5})(?:-(\\d{1,5}))?)?");
    private static final int MAX_PORT = 65535;

    private FilterText() {}

    /** @throws RequestException when the text is no filter */
    public static Filter parse(String text) {
        var match = FORM.matcher(text);
        if (!match.matches() || (match.group(1).equals("icmp") && match.group(2) != null)) {
            throw refused(text);
        }
        var protocol = Protocol.valueOf(match.group(1).toUpperCase(java.util.Locale.ROOT));
        if (match.group(2) == null) {
            return Filter.all(protocol);
        }
        int start = Integer.parseInt(match.group(2));
        int end = match.group(3) == null ? start : Integer.parseInt(match.group(3));
        if (start > end || end > MAX_PORT) {
            throw refused(text);
        }
        return Filter.ports(protocol, start, end);
    }

    public static List<Filter> parse(List<String> texts) {
        return texts.stream().map(FilterText::parse).toList();
    }

    public static String format(Filter filter) {
        var ports = filter.ports();
        if (ports == null) {
            return filter.protocol().wire();
        }
        var range = ports.start() == ports.end() ? "" + ports.start() : ports.start() + "-" + ports.end();
        return filter.protocol().wire() + ":" + range;
    }

    public static List<String> format(List<Filter> filters) {
        return filters.stream().map(FilterText::format).toList();
    }

    private static RequestException refused(String text) {
        return RequestException.argument(
                "filters",
                "'" + text + "' is no filter. Write icmp, tcp, udp, tcp:443 or tcp:80-90, with ports up to 65535.");
    }
}
