package dev.sluice.datapath.io;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.datapath.wire.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The policy rules of one family that are ours by their priority and table. A rule may be there twice. */
record RuleSet(List<Rule> rules) {
    static final RuleSet NONE = new RuleSet(List.of());

    private static final String UNMARKED = "not fwmark 0x" + Integer.toHexString(SocketMark.MARK);

    /**
     * One rule.
     *
     * @param selector in the words of {@code ip rule}
     */
    record Rule(int priority, String selector, int table) {
        String text() {
            return selector + " lookup " + table + " priority " + priority;
        }
    }

    RuleSet {
        rules = List.copyOf(rules);
    }

    /** Reads {@code ip -j rule show}. */
    static RuleSet read(Collection<JsonNode> shown) {
        List<Rule> ours = new ArrayList<>();
        for (JsonNode node : shown) {
            @Nullable Integer table = tableOf(node.path("priority").asInt());
            if (table != null && node.path("table").asText().equals(Integer.toString(table))) {
                ours.add(new Rule(node.path("priority").asInt(), selector(node), table));
            }
        }
        return new RuleSet(ours);
    }

    /** What {@code routes} need. */
    static RuleSet wanted(FamilyRoutes routes) {
        List<Rule> wanted = new ArrayList<>(shared().rules());
        if (routes.hasDefault()) {
            routes.addresses()
                    .forEach(address -> wanted.add(new Rule(
                            RoutingTables.LINK_SCOPE_PRIORITY, "not from " + address, RoutingTables.LINK_SCOPE)));
            wanted.add(new Rule(RoutingTables.INTERNET_PRIORITY, UNMARKED, RoutingTables.INTERNET));
        }
        routes.addresses()
                .forEach(address -> wanted.add(new Rule(
                        RoutingTables.NOTHING_IN_CLEAR_PRIORITY, "from " + address, RoutingTables.NOTHING_IN_CLEAR)));
        return new RuleSet(wanted);
    }

    /** What every device of this host needs. */
    static RuleSet shared() {
        return new RuleSet(List.of(new Rule(RoutingTables.RESOURCES_PRIORITY, UNMARKED, RoutingTables.RESOURCES)));
    }

    /** The same without rules for addresses that another device of this host holds. */
    RuleSet withoutThoseOf(Collection<IpAddress> others) {
        return new RuleSet(rules.stream()
                .filter(rule ->
                        others.stream().noneMatch(other -> rule.selector().endsWith("from " + other)))
                .toList());
    }

    List<Rule> missing(RuleSet wanted) {
        List<Rule> rest = new ArrayList<>(wanted.rules);
        rules.forEach(rest::remove);
        return rest;
    }

    /** What is here and not wanted, and what is here once too often. */
    List<Rule> surplus(RuleSet wanted) {
        List<Rule> rest = new ArrayList<>(rules);
        wanted.rules.forEach(rest::remove);
        return rest;
    }

    private static @Nullable Integer tableOf(int priority) {
        return switch (priority) {
            case RoutingTables.RESOURCES_PRIORITY -> RoutingTables.RESOURCES;
            case RoutingTables.LINK_SCOPE_PRIORITY -> RoutingTables.LINK_SCOPE;
            case RoutingTables.INTERNET_PRIORITY -> RoutingTables.INTERNET;
            case RoutingTables.NOTHING_IN_CLEAR_PRIORITY -> RoutingTables.NOTHING_IN_CLEAR;
            default -> null;
        };
    }

    private static String selector(JsonNode node) {
        StringBuilder selector = new StringBuilder(node.has("not") ? "not " : "");
        String source = node.path("src").asText("all");
        if (!source.equals("all")) {
            selector.append("from ").append(source);
            if (node.has("srclen")) {
                selector.append('/').append(node.path("srclen").asText());
            }
        }
        if (node.has("fwmark")) {
            selector.append("fwmark ").append(node.path("fwmark").asText());
        }
        return selector.toString();
    }
}
