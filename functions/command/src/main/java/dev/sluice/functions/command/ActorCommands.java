package dev.sluice.functions.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./sluice portal actor …}. */
@Command(name = "actor", mixinStandardHelpOptions = true, description = "People and service accounts.")
final class ActorCommands {
    private final Session session;

    ActorCommands(Session session) {
        this.session = session;
    }

    @Command(description = "List actors, by name.")
    int list(
            @Mixin Output output,
            @Option(names = "--limit", paramLabel = "N", description = "How many (200).") @Nullable String limit,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Only of this account.") @Nullable String account) {
        return session.run(
                output, "actor/list", new Arguments().with("limit", limit).with("account", account));
    }

    @Command(
            name = "sign-out",
            description = {
                "Sign an actor out everywhere: deletes all their tokens, which ends their devices' access at once.",
                "Whoever can get a new token signs in again; to keep somebody out, disable them."
            })
    int signOut(
            @Mixin Output output,
            @Parameters(paramLabel = "ACTOR", description = "Their name, e-mail address or id.") String actor,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Where to look for them.") @Nullable String account) {
        return session.run(
                output, "actor/sign-out", new Arguments().with("actor", actor).with("account", account));
    }
}
