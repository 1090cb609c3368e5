package dev.sluice.functions.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = "Tokens, by which clients and gateways sign in.")
final class TokenCommands {
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

    @Command(description = "Create a token and print it, once.")
    int create(
            @Mixin Output output,
            @Option(names = "--type", required = true, description = "client, gateway, relay or service.") String type,
            @Option(names = "--actor", paramLabel = "ACTOR", description = "Whose it is (client, service).")
                    String actor,
            @Option(names = "--site", paramLabel = "SITE", description = "Where it serves (gateway).") String site,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Where to look for them.")
                    String account,
            @Option(names = "--name", description = "To tell it from others.") String name,
            @Option(names = "--expires-in", paramLabel = "TIME", description = "For example 7d, 12h, 30m, 90s.")
                    String expiresIn) {
        return session.run(
                output,
                "token/create",
                new Arguments()
                        .with("type", type)
                        .with("actor", actor)
                        .with("site", site)
                        .with("account", account)
                        .with("name", name)
                        .with("expires_in", expiresIn));
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
}
