package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ./sluice portal access …}. */
@Command(
        name = "access",
        mixinStandardHelpOptions = true,
        description = "Who may reach what, by enabled policies; conditions have to hold at the moment of an ask.")
final class AccessCommands {
    private final Session session;

    AccessCommands(Session session) {
        this.session = session;
    }

    @Command(description = "Who may reach this resource.")
    int who(
            @Mixin Output output,
            @Mixin Where where,
            @Mixin Amount amount,
            @Parameters(paramLabel = "RESOURCE", description = "Its name, address or id.") String resource) {
        return ways(
                output,
                amount,
                session.one(Kind.RESOURCE, where, resource),
                Kind.RESOURCE,
                "/actors",
                "actor",
                "email");
    }

    @Command(description = "What this actor may reach.")
    int what(
            @Mixin Output output,
            @Mixin Where where,
            @Mixin Amount amount,
            @Parameters(paramLabel = "ACTOR", description = "Their name, e-mail address or id.") String actor) {
        return ways(
                output, amount, session.one(Kind.ACTOR, where, actor), Kind.ACTOR, "/resources", "resource", "address");
    }

    /** One line for each way. */
    private int ways(
            Output output,
            Amount amount,
            Scope.Located<JsonNode> located,
            Kind kind,
            String part,
            String name,
            String address) {
        ArrayNode found = Api.JSON.createArrayNode();
        boolean more = located.api().list(kind.path(located.thing()) + part, Query.ALL, amount.checked(), thing -> {
            for (JsonNode way : thing.path("ways")) {
                ObjectNode line = found.addObject();
                line.set(name, thing.path("name"));
                line.set(address, thing.path(address));
                line.set("group", way.path("actor_group"));
                line.set("conditions", way.path("conditions"));
                line.set("policy_id", way.path("policy_id"));
            }
        });
        var columns = Columns.of(name, address, "group")
                .withText("conditions", way -> ConditionText.format(way.path("conditions")))
                .with("policy_id", way -> way.path("policy_id"));
        return session.print(output, columns, found, more);
    }
}
