package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        description = "Policies: which group may reach which resource.")
final class PolicyCommands {
    private static final String PATH = "/policies";
    private static final String WHICH = "Its id, or the name or address of its resource if that has one policy only.";
    private static final String GROUP = "Which, if the resource has several.";
    private static final int ALIKE = 100;

    private static final Columns COLUMNS = Columns.of("id")
            .with("group", policy -> policy.path("actor_group"))
            .with("resource", policy -> policy.path("resource"))
            .withText(
                    "enabled",
                    policy -> Boolean.toString(policy.path("disabled_at").isNull()
                            || policy.path("disabled_at").isMissingNode()))
            .withText("conditions", policy -> ConditionText.format(policy.path("conditions")));

    private final Session session;

    PolicyCommands(Session session) {
        this.session = session;
    }

    @Command(description = "List policies.")
    int list(@Mixin Output output, @Mixin Where where, @Mixin Amount amount) {
        return session.list(output, where, amount, PATH, Query.ALL, COLUMNS);
    }

    @Command(description = "Let a group reach a resource.")
    int create(
            @Mixin Output output,
            @Mixin Where where,
            @Option(names = "--group", paramLabel = "GROUP", required = true, description = "Its name or id.")
                    String group,
            @Option(names = "--resource", paramLabel = "RESOURCE", required = true, description = "What it may reach.")
                    String resource,
            @Option(
                            names = "--condition",
                            paramLabel = "CONDITION",
                            description = "Such as 'remote_ip is_in_cidr 192.0.2.0/24'; repeatable, all must hold.")
                    @Nullable List<String> conditions) {
        var demands = ConditionText.parse(conditions == null ? List.of() : conditions);
        var located = session.one(Kind.RESOURCE, where, resource);
        ObjectNode body = Api.JSON.createObjectNode();
        body.putObject("policy")
                .put(
                        "actor_group_id",
                        Kind.GROUP.one(located.api(), group).path("id").asText())
                .put("resource_id", located.thing().path("id").asText())
                .set("conditions", demands);
        return print(output, located.account(), located.api().post(PATH, body));
    }

    @Command(description = "Enable a policy again.")
    int enable(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "POLICY", description = WHICH) String policy,
            @Option(names = "--group", paramLabel = "GROUP", description = GROUP) @Nullable String group) {
        return disable(output, where, policy, group, false);
    }

    @Command(description = "Disable a policy: access that rests on it ends at once.")
    int disable(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "POLICY", description = WHICH) String policy,
            @Option(names = "--group", paramLabel = "GROUP", description = GROUP) @Nullable String group) {
        return disable(output, where, policy, group, true);
    }

    private int disable(Output output, Where where, String policy, @Nullable String group, boolean disabled) {
        var located = find(where, policy, group);
        ObjectNode body = Api.JSON.createObjectNode();
        body.putObject("policy").put("disabled", disabled);
        return print(output, located.account(), located.api().put(path(located.thing()), body));
    }

    @Command(description = "Delete a policy: access that rests on it ends at once.")
    int delete(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "POLICY", description = WHICH) String policy,
            @Option(names = "--group", paramLabel = "GROUP", description = GROUP) @Nullable String group) {
        var located = find(where, policy, group);
        return print(output, located.account(), located.api().delete(path(located.thing())));
    }

    private Scope.Located<JsonNode> find(Where where, String reference, @Nullable String group) {
        return session.scope().locate(where.account, api -> find(api, reference, group));
    }

    private static JsonNode find(Api api, String reference, @Nullable String group) {
        if (Kind.isId(reference)) {
            try {
                return api.get(PATH + "/" + reference);
            } catch (CommandException refused) {
                if (!refused.isNotFound()) {
                    throw refused;
                }
            }
        }
        var query = Query.of(
                "resource_id", Kind.RESOURCE.one(api, reference).path("id").asText());
        if (group != null) {
            query = query.and(
                    "actor_group_id", Kind.GROUP.one(api, group).path("id").asText());
        }
        List<JsonNode> fitting = new ArrayList<>();
        api.list(PATH, query, ALIKE, fitting::add);
        return switch (fitting.size()) {
            case 0 -> throw CommandException.notFound("There is no policy for '" + reference + "'.");
            case 1 -> fitting.getFirst();
            default ->
                throw new CommandException("'" + reference + "' could mean more than one policy. Name one by its id, or"
                        + " its group by --group:\n"
                        + fitting.stream()
                                .map(policy -> "  " + policy.path("id").asText() + "  for "
                                        + policy.path("actor_group").asText())
                                .collect(Collectors.joining("\n")));
        };
    }

    private static String path(JsonNode policy) {
        return PATH + "/" + policy.path("id").asText();
    }

    private int print(Output output, Scope.Account account, JsonNode policy) {
        session.print(output, COLUMNS, account, policy);
        policy.path("cautions").forEach(caution -> session.note(caution.asText()));
        return 0;
    }
}
