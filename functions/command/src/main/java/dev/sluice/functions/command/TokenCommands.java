package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = "Tokens, by which clients and gateways sign in.")
final class TokenCommands {
    private static final String CREATE = "token/create";

    private final Session session;

    TokenCommands(Session session) {
        this.session = session;
    }

    @Command(description = "List tokens; their secrets are shown only once, when they are created.")
    int list(
            @Mixin Output output,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Only of this account.")
                    String account) {
        return session.run(output, "token/list", new Arguments().with("account", account));
    }

    @Command(description = "Create a token and print it, once, or write it to a file.")
    int create(
            @Mixin Output output,
            @Option(names = "--type", required = true, description = "client, gateway, service or api_client.")
                    String type,
            @Option(names = "--actor", paramLabel = "ACTOR", description = "Whose it is (client, service, api_client).")
                    String actor,
            @Option(names = "--site", paramLabel = "SITE", description = "Where it serves (gateway).") String site,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Where to look for them.")
                    String account,
            @Option(names = "--name", description = "To tell it from others.") String name,
            @Option(names = "--expires-in", paramLabel = "TIME", description = "For example 7d, 12h, 30m, 90s.")
                    String expiresIn,
            @Option(
                            names = "--token-file",
                            paramLabel = "FILE",
                            description = "Write it to this new file, which only you can read, and do not print it.")
                    @Nullable Path tokenFile) {
        Arguments arguments = new Arguments()
                .with("type", type)
                .with("actor", actor)
                .with("site", site)
                .with("account", account)
                .with("name", name)
                .with("expires_in", expiresIn);
        return show(output, CREATE, arguments, tokenFile);
    }

    /** Prints what the portal says of a new token, but for the token itself, where that goes to a file. */
    private int show(Output output, String command, Arguments arguments, @Nullable Path tokenFile) {
        return tokenFile == null
                ? session.run(output, command, arguments)
                : session.print(output, created(command, arguments, TokenFile.create(tokenFile)));
    }

    private JsonNode created(String command, Arguments arguments, TokenFile file) {
        ObjectNode answer;
        try {
            answer = (ObjectNode) session.call(command, arguments);
        } catch (CommandException refused) {
            file.discard();
            throw refused;
        }
        file.write(answer.remove("token").asText());
        answer.remove("note");
        return answer;
    }

    @Command(description = "Delete a token: its devices are disconnected and their access ends at once.")
    int delete(
            @Mixin Output output,
            @Parameters(paramLabel = "TOKEN", description = "Its id or name.") String token,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Where to look for it.")
                    String account) {
        return session.run(
                output, "token/delete", new Arguments().with("token", token).with("account", account));
    }

    @Command(description = "List the secrets of a token: it has one, or two while it is given a new one.")
    int secrets(
            @Mixin Output output,
            @Parameters(paramLabel = "TOKEN", description = "Its id or name.") String token,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Where to look for it.")
                    String account) {
        return session.run(
                output, "token/secrets", new Arguments().with("token", token).with("account", account));
    }

    @Command(
            name = "add-secret",
            description = "Give a token a second secret, and print it once; devices with the first go on.")
    int addSecret(
            @Mixin Output output,
            @Parameters(paramLabel = "TOKEN", description = "Its id or name.") String token,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Where to look for it.") String account,
            @Option(
                            names = "--token-file",
                            paramLabel = "FILE",
                            description = "Write it to this new file, which only you can read, and do not print it.")
                    @Nullable Path tokenFile) {
        return show(
                output, "token/add-secret", new Arguments().with("token", token).with("account", account), tokenFile);
    }

    @Command(
            name = "withdraw-secret",
            description = "Withdraw one of two secrets: devices that signed in with it are disconnected at once.")
    int withdrawSecret(
            @Mixin Output output,
            @Parameters(index = "0", paramLabel = "TOKEN", description = "Its id or name.") String token,
            @Parameters(index = "1", paramLabel = "SECRET", description = "Its id, as 'token secrets' lists it.")
                    String secret,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Where to look for it.")
                    String account) {
        return session.run(
                output,
                "token/withdraw-secret",
                new Arguments().with("token", token).with("secret", secret).with("account", account));
    }
}
