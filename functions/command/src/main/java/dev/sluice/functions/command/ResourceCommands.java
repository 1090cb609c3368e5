package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "resource", mixinStandardHelpOptions = true, description = "Resources: what is protected.")
final class ResourceCommands {
    private static final String WHICH = "Its name, address or id.";
    private static final Columns COLUMNS = Columns.of("id", "name", "type", "address")
            .withText("filters", resource -> FilterText.format(resource.path("filters")))
            .withText("sites", ResourceCommands::sites);

    private final Session session;

    ResourceCommands(Session session) {
        this.session = session;
    }

    @Command(description = "List resources.")
    int list(
            @Mixin Output output,
            @Mixin Where where,
            @Mixin Amount amount,
            @Option(names = "--name", paramLabel = "PREFIX", description = "Only those whose name begins so.") @Nullable String name) {
        return session.list(output, where, amount, Kind.RESOURCE.path(), Query.of("name", name), COLUMNS);
    }

    @Command(description = "Create a resource. Nobody reaches it before a policy says so.")
    int create(
            @Mixin Output output,
            @Mixin Where where,
            @Option(names = "--type", required = true, description = "cidr, ip, dns or internet.") String type,
            @Option(names = "--address", description = "Such as 172.20.0.0/16, 1.2.3.4 or *.example.com.") @Nullable String address,
            @Option(
                            names = "--site",
                            paramLabel = "SITE",
                            required = true,
                            description = "Whose gateways serve it; repeatable.")
                    List<String> sites,
            @Option(names = "--name", required = true, description = "1 to 255 characters.") String name,
            @Option(
                            names = "--filter",
                            paramLabel = "FILTER",
                            description = "What may pass, such as tcp:80, udp:5000-5100, tcp or icmp; repeatable."
                                    + " Without any, everything.")
                    @Nullable List<String> filters) {
        var first = session.one(Kind.SITE, where, sites.getFirst());
        ObjectNode body = Api.JSON.createObjectNode();
        ObjectNode resource = body.putObject("resource").put("type", type).put("name", name);
        if (address != null) {
            resource.put("address", address);
        }
        resource.set("filters", FilterText.parse(filters == null ? List.of() : filters));
        ArrayNode connections = resource.putArray("connections");
        connect(connections, first.thing());
        sites.stream().skip(1).forEach(site -> connect(connections, Kind.SITE.one(first.api(), site)));
        JsonNode created = first.api().post(Kind.RESOURCE.path(), body);
        return session.print(output, COLUMNS, first.account(), created);
    }

    private static void connect(ArrayNode connections, JsonNode site) {
        connections.addObject().put("gateway_group_id", site.path("id").asText());
    }

    @Command(name = "set-filters", description = "Replace a resource's filters; without any, everything may pass.")
    int setFilters(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "RESOURCE", description = WHICH) String resource,
            @Option(names = "--filter", paramLabel = "FILTER", description = "Such as tcp:80-90; repeatable.") @Nullable List<String> filters) {
        ObjectNode body = Api.JSON.createObjectNode();
        body.putObject("resource").set("filters", FilterText.parse(filters == null ? List.of() : filters));
        var located = session.one(Kind.RESOURCE, where, resource);
        JsonNode changed = located.api().put(Kind.RESOURCE.path(located.thing()), body);
        return session.print(output, COLUMNS, located.account(), changed);
    }

    @Command(description = "Delete a resource with its policies: access to it ends at once.")
    int delete(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "RESOURCE", description = WHICH) String resource) {
        var located = session.one(Kind.RESOURCE, where, resource);
        JsonNode deleted = located.api().delete(Kind.RESOURCE.path(located.thing()));
        return session.print(output, COLUMNS, located.account(), deleted);
    }

    private static String sites(JsonNode resource) {
        return StreamSupport.stream(resource.path("connections").spliterator(), false)
                .map(connection -> connection.path("gateway_group").asText())
                .collect(Collectors.joining(", "));
    }
}
