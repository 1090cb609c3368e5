package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "group", mixinStandardHelpOptions = true, description = "Groups of actors, and who is in them.")
final class GroupCommands {
    private static final String WHICH = "Its name or id.";
    private static final String WHO = "Names, e-mail addresses or ids.";
    private static final Columns COLUMNS = Columns.of("id", "name", "type");

    private final Session session;

    GroupCommands(Session session) {
        this.session = session;
    }

    @Command(description = "List groups.")
    int list(@Mixin Output output, @Mixin Where where, @Mixin Amount amount) {
        return session.list(output, where, amount, Kind.GROUP.path(), Query.ALL, COLUMNS);
    }

    @Command(description = "Create a group that nobody is in.")
    int create(
            @Mixin Output output,
            @Mixin Where where,
            @Option(names = "--name", required = true, description = "1 to 64 characters; unique.") String name) {
        var account = session.scope().account(where.account);
        ObjectNode body = Api.JSON.createObjectNode();
        body.putObject("actor_group").put("name", name);
        return session.print(output, COLUMNS, account, account.api().post(Kind.GROUP.path(), body));
    }

    @Command(description = "Delete a group with its policies: access that rests on them ends at once.")
    int delete(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "GROUP", description = WHICH) String group) {
        var located = session.one(Kind.GROUP, where, group);
        JsonNode deleted = located.api().delete(Kind.GROUP.path(located.thing()));
        return session.print(output, COLUMNS, located.account(), deleted);
    }

    @Command(description = "List who is in a group.")
    int members(
            @Mixin Output output,
            @Mixin Where where,
            @Mixin Amount amount,
            @Parameters(paramLabel = "GROUP", description = WHICH) String group) {
        var located = session.one(Kind.GROUP, where, group);
        return session.list(
                output, located, amount, memberships(located.thing()), Query.ALL, Columns.of("id", "type", "name"));
    }

    @Command(description = "Put actors into a group.")
    int add(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(index = "0", paramLabel = "GROUP", description = WHICH) String group,
            @Parameters(index = "1..*", arity = "1..*", paramLabel = "ACTOR", description = WHO) List<String> actors) {
        return change(output, where, group, actors, true);
    }

    @Command(description = "Take actors out of a group: access that rests on it ends at once.")
    int remove(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(index = "0", paramLabel = "GROUP", description = WHICH) String group,
            @Parameters(index = "1..*", arity = "1..*", paramLabel = "ACTOR", description = WHO) List<String> actors) {
        return change(output, where, group, actors, false);
    }

    private int change(Output output, Where where, String group, List<String> actors, boolean in) {
        var located = session.one(Kind.GROUP, where, group);
        Api api = located.api();
        List<String> members = actors.stream()
                .map(actor -> memberships(located.thing()) + "/"
                        + Kind.ACTOR.one(api, actor).path("id").asText())
                .toList();
        members.forEach(member -> {
            if (in) {
                api.put(member, Api.JSON.createObjectNode());
            } else {
                api.delete(member);
            }
        });
        ObjectNode answer = Api.JSON
                .createObjectNode()
                .put("group", located.thing().path("name").asText())
                .put(in ? "added" : "removed", members.size());
        return session.print(output, answer);
    }

    private static String memberships(JsonNode group) {
        return Kind.GROUP.path(group) + "/memberships";
    }
}
