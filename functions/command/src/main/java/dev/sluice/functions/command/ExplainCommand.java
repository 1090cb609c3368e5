package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "explain",
        description = {
            "Say whether a client, or an actor wherever they come from, may reach a resource, and why.",
            "It is evaluated as an ask would be, and nothing is granted. Exit code 1 if they may not."
        })
final class ExplainCommand implements Callable<Integer> {
    private static final Columns POLICIES = Columns.of("actor_group", "reaches", "enabled")
            .with("conditions", ExplainCommand::conditions)
            .with("conforms", policy -> policy.path("conforms"))
            .with("chosen", policy -> policy.path("chosen"))
            .with("policy_id", policy -> policy.path("id"));

    private static final Columns GATEWAYS =
            Columns.of("name", "gateway_group", "online", "serves", "compatible", "eligible");

    private final Session session;

    @Mixin
    Output output;

    @Mixin
    Where where;

    @Parameters(paramLabel = "RESOURCE", description = "Its name, address or id.")
    String resource;

    @Option(names = "--client", paramLabel = "CLIENT", description = "From which client.")
    @Nullable String client;

    @Option(names = "--actor", paramLabel = "ACTOR", description = "Or who, wherever they come from.")
    @Nullable String actor;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "As of this time, as 2026-01-31T09:00:00Z; now without it.")
    @Nullable String at;

    @Option(names = "--remote-ip", paramLabel = "ADDRESS", description = "From this address instead of the client's.")
    @Nullable String remoteIp;

    @Option(names = "--region", paramLabel = "COUNTRY", description = "From this country instead, such as DE.")
    @Nullable String region;

    ExplainCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if ((client == null) == (actor == null)) {
            throw CommandException.argument("client", "Say who is meant: --client or --actor.");
        }
        var located = session.one(Kind.RESOURCE, where, resource);
        Api api = located.api();
        Query query = Query.of("resource_id", located.thing().path("id").asText())
                .and("client_id", id(api, Kind.CLIENT, client))
                .and("actor_id", id(api, Kind.ACTOR, actor))
                .and("at", at)
                .and("remote_ip", remoteIp)
                .and("region", region);
        JsonNode explained = api.get("/flows/explain" + query.text());
        if (output.json) {
            session.print(output, explained);
        } else {
            session.line(Printable.text(explained.path("text").asText()));
            session.line("");
            session.table(POLICIES, explained.path("policies"));
            session.line("");
            session.table(GATEWAYS, explained.path("gateways"));
        }
        return explained.path("allowed").asBoolean() ? 0 : 1;
    }

    private static @Nullable String id(Api api, Kind kind, @Nullable String reference) {
        return reference == null ? null : kind.one(api, reference).path("id").asText();
    }

    private static JsonNode conditions(JsonNode policy) {
        List<String> texts = new ArrayList<>();
        for (JsonNode considered : policy.path("conditions")) {
            JsonNode seen = considered.path("seen");
            texts.add((considered.path("holds").asBoolean() ? "holds: " : "does not hold: ")
                    + ConditionText.format(Api.JSON.createArrayNode().add(considered.path("condition")))
                    + " (" + (seen.isTextual() ? seen.asText() : "not known") + ")");
        }
        return Api.JSON.getNodeFactory().textNode(texts.isEmpty() ? "-" : String.join("; ", texts));
    }
}
