package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = "Tokens, by which clients, gateways and programs sign in.")
final class TokenCommands {
    private static final String WHICH = "Its id or name.";
    private static final String FILE = "Write it to this new file, which only you can read, and do not print it.";
    private static final String NOTE = "Keep the token now: it is not shown again.";

    /** By an actor's type, what their tokens are called here. */
    private static final Map<String, String> FITTING = Map.of(
            "account_user", "client",
            "account_admin_user", "client",
            "service_account", "service",
            "api_client", "api_client");

    private static final Columns COLUMNS = Columns.of("id", "name", "type", "owner", "expires_at", "last_seen_at");
    private static final Columns SECRETS = Columns.of("id", "inserted_at", "last_seen_at");

    private final Session session;

    TokenCommands(Session session) {
        this.session = session;
    }

    @Command(description = "List tokens; their secrets are shown only once, when they are created.")
    int list(@Mixin Output output, @Mixin Where where, @Mixin Amount amount) {
        return session.list(output, where, amount, Kind.TOKEN.path(), Query.ALL, COLUMNS);
    }

    @Command(description = "Create a token and print it, once, or write it to a file.")
    int create(
            @Mixin Output output,
            @Mixin Where where,
            @Option(
                            names = "--type",
                            required = true,
                            description = "client, gateway, service, api_client or directory.")
                    String type,
            @Option(names = "--actor", paramLabel = "ACTOR", description = "Whose it is (client, service, api_client).")
                    @Nullable String actor,
            @Option(names = "--site", paramLabel = "SITE", description = "Where it serves (gateway).") @Nullable String site,
            @Option(names = "--directory", paramLabel = "DIRECTORY", description = "Which calls us (directory).")
                    @Nullable String directory,
            @Option(names = "--name", description = "To tell it from others.") @Nullable String name,
            @Option(
                            names = "--expires-in",
                            paramLabel = "TIME",
                            description =
                                    "For example 7d, 12h, 30m, 90s; without it 7d, and of gateways and directories never.")
                    @Nullable String expiresIn,
            @Option(names = "--token-file", paramLabel = "FILE", description = FILE) @Nullable Path tokenFile) {
        ObjectNode body = Api.JSON.createObjectNode();
        ObjectNode wanted = body.putObject("token");
        if (name != null) {
            wanted.put("name", name);
        }
        if (expiresIn != null) {
            wanted.put("expires_in", Span.seconds("expires_in", expiresIn));
        }
        Map<String, String> owners = new TreeMap<>();
        put(owners, "actor", actor);
        put(owners, "site", site);
        put(owners, "directory", directory);
        var located = owner(where, type, owners);
        String path = switch (type) {
            case "gateway" -> Kind.SITE.path(located.thing()) + "/tokens";
            case "directory" -> Kind.DIRECTORY.path(located.thing()) + "/tokens";
            default -> Kind.ACTOR.path(located.thing()) + "/client_tokens";
        };
        return issue(
                output,
                Columns.of("id", "name", "type", "expires_at", "token"),
                located.account(),
                path,
                body,
                tokenFile);
    }

    private static void put(Map<String, String> owners, String option, @Nullable String value) {
        if (value != null) {
            owners.put(option, value);
        }
    }

    private Scope.Located<JsonNode> owner(Where where, String type, Map<String, String> owners) {
        return switch (type) {
            case "gateway" -> session.one(Kind.SITE, where, only("site", owners, type));
            case "directory" -> session.one(Kind.DIRECTORY, where, only("directory", owners, type));
            case "client", "service", "api_client" -> {
                var located = session.one(Kind.ACTOR, where, only("actor", owners, type));
                String of = located.thing().path("type").asText();
                String fitting = FITTING.getOrDefault(of, type);
                if (!fitting.equals(type)) {
                    throw CommandException.argument(
                            "type",
                            "'" + located.thing().path("name").asText() + "' is of type " + of + ". Use --type "
                                    + fitting + ".");
                }
                yield located;
            }
            case "relay" ->
                throw CommandException.argument("type", "Relays have no tokens here: SLUICE_RELAYS names them.");
            default ->
                throw CommandException.argument(
                        "type",
                        "'" + type
                                + "' is not a type of token. Use client, gateway, service, api_client or directory.");
        };
    }

    private static String only(String needed, Map<String, String> owners, String type) {
        for (String other : owners.keySet()) {
            if (!other.equals(needed)) {
                throw CommandException.argument(other, "A token of type " + type + " takes no '" + other + "'.");
            }
        }
        String value = owners.get(needed);
        if (value == null) {
            throw CommandException.argument(needed, "is missing");
        }
        return value;
    }

    /** Prints what the portal says of a new secret, but for the text itself, where that goes to a file. */
    private int issue(
            Output output,
            Columns columns,
            Scope.Account account,
            String path,
            ObjectNode body,
            @Nullable Path tokenFile) {
        if (tokenFile == null) {
            session.print(output, columns, account, account.api().post(path, body));
            session.note(NOTE);
            return 0;
        }
        TokenFile file = TokenFile.create(tokenFile);
        ObjectNode issued;
        try {
            issued = (ObjectNode) account.api().post(path, body);
        } catch (CommandException refused) {
            file.discard();
            throw refused;
        }
        file.write(Objects.requireNonNull(issued.remove("token")).asText());
        return session.print(output, columns.without("token"), account, issued);
    }

    @Command(description = "Delete a token: its devices are disconnected and their access ends at once.")
    int delete(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "TOKEN", description = WHICH) String token) {
        var located = session.one(Kind.TOKEN, where, token);
        JsonNode deleted = located.api().delete(Kind.TOKEN.path(located.thing()));
        return session.print(output, COLUMNS, located.account(), deleted);
    }

    @Command(description = "List the secrets of a token: it has one, or two while it is given a new one.")
    int secrets(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "TOKEN", description = WHICH) String token) {
        var located = session.one(Kind.TOKEN, where, token);
        ArrayNode secrets = Api.JSON.createArrayNode();
        located.api().list(secrets(located.thing()), Query.ALL, 2, secrets::add);
        return session.print(output, SECRETS, secrets, false);
    }

    @Command(
            name = "add-secret",
            description = "Give a token a second secret, and print it once; devices with the first go on.")
    int addSecret(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "TOKEN", description = WHICH) String token,
            @Option(names = "--token-file", paramLabel = "FILE", description = FILE) @Nullable Path tokenFile) {
        var located = session.one(Kind.TOKEN, where, token);
        return issue(
                output,
                Columns.of("id", "token_id", "token"),
                located.account(),
                secrets(located.thing()),
                Api.JSON.createObjectNode(),
                tokenFile);
    }

    @Command(
            name = "withdraw-secret",
            description = "Withdraw one of two secrets: devices that signed in with it are disconnected at once.")
    int withdrawSecret(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(index = "0", paramLabel = "TOKEN", description = WHICH) String token,
            @Parameters(index = "1", paramLabel = "SECRET", description = "Its id, as 'token secrets' lists it.")
                    String secret) {
        if (!Kind.isId(secret)) {
            throw CommandException.argument("secret", "A secret is named by its id: 'token secrets' lists them.");
        }
        var located = session.one(Kind.TOKEN, where, token);
        JsonNode withdrawn = located.api().delete(secrets(located.thing()) + "/" + secret);
        return session.print(output, SECRETS, withdrawn);
    }

    private static String secrets(JsonNode token) {
        return Kind.TOKEN.path(token) + "/secrets";
    }
}
