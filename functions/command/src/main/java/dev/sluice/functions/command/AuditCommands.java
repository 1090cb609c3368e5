package dev.sluice.functions.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice portal audit …}. */
@Command(name = "audit", mixinStandardHelpOptions = true, description = "What was decided, and why.")
final class AuditCommands {
    private final Session session;

    AuditCommands(Session session) {
        this.session = session;
    }

    @Command(description = "List the latest entries, the newest first.")
    int list(
            @Mixin Output output,
            @Option(names = "--limit", paramLabel = "N", description = "How many (20).") @Nullable String limit,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Only of this account.") @Nullable String account) {
        return session.run(
                output, "audit/list", new Arguments().with("limit", limit).with("account", account));
    }
}
