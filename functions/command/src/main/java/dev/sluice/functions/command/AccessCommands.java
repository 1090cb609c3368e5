package dev.sluice.functions.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./sluice portal access …}. */
@Command(
        name = "access",
        mixinStandardHelpOptions = true,
        description = "Who may reach what, by enabled policies; conditions have to hold at the moment of an ask.")
final class AccessCommands {
    private static final String LIMIT = "How many lines at the most (200).";

    private final Session session;

    AccessCommands(Session session) {
        this.session = session;
    }

    @Command(description = "Who may reach this resource.")
    int who(
            @Mixin Output output,
            @Parameters(paramLabel = "RESOURCE", description = "Its name, address or id.") String resource,
            @Option(names = "--limit", paramLabel = "N", description = LIMIT) @Nullable String limit,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Where to look for it.") @Nullable String account) {
        return session.run(
                output,
                "access/who",
                new Arguments().with("resource", resource).with("limit", limit).with("account", account));
    }

    @Command(description = "What this actor may reach.")
    int what(
            @Mixin Output output,
            @Parameters(paramLabel = "ACTOR", description = "Their name, e-mail address or id.") String actor,
            @Option(names = "--limit", paramLabel = "N", description = LIMIT) @Nullable String limit,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Where to look for them.") @Nullable String account) {
        return session.run(
                output,
                "access/what",
                new Arguments().with("actor", actor).with("limit", limit).with("account", account));
    }
}
