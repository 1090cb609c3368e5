package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./sluice portal actor …}. */
@Command(name = "actor", mixinStandardHelpOptions = true, description = "People, service accounts and API clients.")
final class ActorCommands {
    private static final String WHO = "Their name, e-mail address or id.";
    private static final Map<String, String> TYPES = Map.of(
            "user", "account_user",
            "admin", "account_admin_user",
            "service_account", "service_account",
            "api_client", "api_client");
    private static final Columns COLUMNS =
            Columns.of("id", "type", "name", "email").with("disabled", actor -> actor.path("disabled_at"));

    private final Session session;

    ActorCommands(Session session) {
        this.session = session;
    }

    @Command(description = "List actors.")
    int list(
            @Mixin Output output,
            @Mixin Where where,
            @Mixin Amount amount,
            @Option(names = "--name", paramLabel = "PREFIX", description = "Only those whose name begins so.") @Nullable String name) {
        var query = Query.of("name", name);
        return session.list(output, where, amount, Kind.ACTOR.path(), query, COLUMNS);
    }

    @Command(description = "Create an actor.")
    int create(
            @Mixin Output output,
            @Mixin Where where,
            @Option(names = "--type", required = true, description = "user, admin, service_account or api_client.")
                    String type,
            @Option(names = "--name", required = true, description = "1 to 255 characters.") String name,
            @Option(names = "--email", description = "Of people only; unique.") @Nullable String email) {
        String word = TYPES.get(type);
        if (word == null) {
            throw CommandException.argument(
                    "type", "'" + type + "' is no type of actor. Use user, admin, service_account or api_client.");
        }
        var account = session.scope().account(where.account);
        ObjectNode body = Api.JSON.createObjectNode();
        body.putObject("actor").put("type", word).put("name", name).put("email", email);
        return session.print(output, COLUMNS, account, account.api().post(Kind.ACTOR.path(), body));
    }

    @Command(description = "Let an actor in again, by the tokens that they still have.")
    int enable(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "ACTOR", description = WHO) String actor) {
        return disable(output, where, actor, false);
    }

    @Command(description = "Keep an actor out: their tokens are refused, and their access ends at once.")
    int disable(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "ACTOR", description = WHO) String actor) {
        return disable(output, where, actor, true);
    }

    private int disable(Output output, Where where, String actor, boolean disabled) {
        var located = session.one(Kind.ACTOR, where, actor);
        ObjectNode body = Api.JSON.createObjectNode();
        body.putObject("actor").put("disabled", disabled);
        JsonNode changed = located.api().put(Kind.ACTOR.path(located.thing()), body);
        return session.print(output, COLUMNS, located.account(), changed);
    }

    @Command(description = "Delete an actor with all that they have: their access ends at once.")
    int delete(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "ACTOR", description = WHO) String actor) {
        var located = session.one(Kind.ACTOR, where, actor);
        JsonNode deleted = located.api().delete(Kind.ACTOR.path(located.thing()));
        return session.print(output, COLUMNS, located.account(), deleted);
    }

    @Command(
            name = "sign-out",
            description = {
                "Sign an actor out everywhere: deletes all their tokens, which ends their devices' access at once.",
                "Whoever can get a new token signs in again; to keep somebody out, disable them."
            })
    int signOut(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "ACTOR", description = WHO) String actor) {
        var located = session.one(Kind.ACTOR, where, actor);
        JsonNode deleted = located.api().delete(Kind.ACTOR.path(located.thing()) + "/client_tokens");
        ObjectNode answer = Api.JSON
                .createObjectNode()
                .put("actor", located.thing().path("name").asText())
                .put("tokens", deleted.path("deleted_count").asInt());
        return session.print(output, answer);
    }
}
