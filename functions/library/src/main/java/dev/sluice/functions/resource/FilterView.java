package dev.sluice.functions.resource;

import dev.sluice.channel.Filter;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a protocol a resource lets pass, as the API has it.
 *
 * @param protocol {@code tcp}, {@code udp} or {@code icmp}
 * @param ports each {@code 80} or {@code 80 - 90}; all if there are none
 */
public record FilterView(
        @NotNull(message = "is missing") @Pattern(regexp = "tcp|udp|icmp", message = "is tcp, udp or icmp") String protocol,

        @Nullable List<
                        @NotNull(message = "is missing") @Pattern(
                                regexp = "[0-9]{1,5}( *- *[0-9]{1,5})?",
                                message = "is a port, or a range as in 80 - 90")
                        String>
                ports) {
    /** In the order of their protocols. */
    public static List<FilterView> of(List<Filter> filters) {
        Map<Filter.Protocol, List<String>> ports = new LinkedHashMap<>();
        for (Filter filter : filters) {
            var known = ports.computeIfAbsent(filter.protocol(), protocol -> new ArrayList<>());
            var range = filter.ports();
            if (range != null) {
                known.add(range.start() == range.end() ? "" + range.start() : range.start() + " - " + range.end());
            }
        }
        return ports.entrySet().stream()
                .map(entry -> new FilterView(entry.getKey().wire(), entry.getValue()))
                .toList();
    }

    /** As they are kept. */
    static List<Filter> parse(List<FilterView> views) {
        return views.stream()
                .flatMap(view -> view.texts().stream())
                .map(FilterText::parse)
                .toList();
    }

    /** As they are typed: {@code icmp}, {@code tcp:80-90}. */
    public List<String> texts() {
        return ports == null || ports.isEmpty()
                ? List.of(protocol)
                : ports.stream()
                        .map(port -> String.format(Locale.ROOT, "%s:%s", protocol, port.replace(" ", "")))
                        .toList();
    }
}
