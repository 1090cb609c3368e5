package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "policy-test",
        mixinStandardHelpOptions = true,
        description = "What an account asserts of its policies: that somebody can reach something, or cannot.")
final class PolicyTestCommands {
    private static final String WHICH = "Its name or id.";
    private static final Columns COLUMNS =
            Columns.of("id", "name", "actor", "can_reach", "resource", "at", "remote_ip", "region", "verified");

    private final Session session;

    PolicyTestCommands(Session session) {
        this.session = session;
    }

    @Command(description = "List policy tests.")
    int list(@Mixin Output output, @Mixin Where where, @Mixin Amount amount) {
        return session.list(output, where, amount, Kind.POLICY_TEST.path(), Query.ALL, COLUMNS);
    }

    @Command(description = "Assert that an actor can reach a resource, or cannot.")
    int create(
            @Mixin Output output,
            @Mixin Where where,
            @Option(names = "--name", required = true, description = "1 to 255 characters; unique.") String name,
            @Option(names = "--actor", paramLabel = "ACTOR", required = true, description = "Who.") String actor,
            @Option(names = "--can-reach", paramLabel = "RESOURCE", description = "What they can reach.") @Nullable String can,
            @Option(names = "--cannot-reach", paramLabel = "RESOURCE", description = "Or what they cannot.") @Nullable String cannot,
            @Option(names = "--at", paramLabel = "TIME", description = "At this time, as 2026-01-31T09:00:00Z.")
                    @Nullable String at,
            @Option(names = "--remote-ip", paramLabel = "ADDRESS", description = "From this address.") @Nullable String remoteIp,
            @Option(names = "--region", paramLabel = "COUNTRY", description = "From this country, such as DE.")
                    @Nullable String region,
            @Option(names = "--verified", description = "With a client that is verified.") boolean verified) {
        if ((can == null) == (cannot == null)) {
            throw CommandException.argument("can_reach", "Say either --can-reach or --cannot-reach.");
        }
        var located = session.one(Kind.RESOURCE, where, can == null ? cannot : can);
        ObjectNode body = Api.JSON.createObjectNode();
        ObjectNode test = body.putObject("policy_test")
                .put("name", name)
                .put("actor_id", Kind.ACTOR.one(located.api(), actor).path("id").asText())
                .put("resource_id", located.thing().path("id").asText())
                .put("can_reach", can != null)
                .put("verified", verified);
        put(test, "at", at);
        put(test, "remote_ip", remoteIp);
        put(test, "region", region);
        return session.print(output, COLUMNS, located.account(), located.api().post(Kind.POLICY_TEST.path(), body));
    }

    private static void put(ObjectNode object, String field, @Nullable String value) {
        if (value != null) {
            object.put(field, value);
        }
    }

    @Command(description = "Delete a policy test.")
    int delete(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "TEST", description = WHICH) String test) {
        var located = session.one(Kind.POLICY_TEST, where, test);
        JsonNode deleted = located.api().delete(Kind.POLICY_TEST.path(located.thing()));
        return session.print(output, COLUMNS, located.account(), deleted);
    }

    @Command(description = "Run all policy tests on the policies as they are. Exit code 1 if one fails.")
    int run(@Mixin Output output, @Mixin Where where) {
        ArrayNode outcomes = Api.JSON.createArrayNode();
        boolean failed = false;
        for (Scope.Account account : session.scope().accounts(where.account)) {
            JsonNode run = account.api().post(Kind.POLICY_TEST.path() + "/run", Api.JSON.createObjectNode());
            for (JsonNode outcome : run) {
                failed |= !outcome.path("passed").asBoolean();
                outcomes.add(Session.named(account, outcome));
            }
        }
        session.print(
                output,
                Columns.of("name", "passed", "actor", "can_reach", "resource", "reason", "properties"),
                outcomes,
                false);
        return failed ? 1 : 0;
    }

    @Command(description = "Refuse changes that break a policy test; with --off carry them out.")
    int enforce(
            @Mixin Output output,
            @Mixin Where where,
            @Option(names = "--off", description = "Carry them out.") boolean off) {
        var account = session.scope().account(where.account);
        ObjectNode body = Api.JSON.createObjectNode();
        body.putObject("account").put("policy_tests_enforced", !off);
        return session.print(
                output,
                Columns.of("id", "slug", "name", "policy_tests_enforced"),
                account.api().put("/account", body));
    }
}
