package dev.sluice.functions.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "account", mixinStandardHelpOptions = true, description = "Accounts.")
final class AccountCommands {
    private final Session session;

    AccountCommands(Session session) {
        this.session = session;
    }

    @Command(description = "Create an account with its first administrator.")
    int create(
            @Mixin Output output,
            @Option(names = "--name", required = true, description = "3 to 64 characters.") String name,
            @Option(names = "--slug", required = true, description = "3 to 100 of a-z, 0-9 and _; unique.") String slug,
            @Option(names = "--admin-email", required = true, description = "The first administrator's address.")
                    String email) {
        return session.run(
                output,
                "account/create",
                new Arguments().with("name", name).with("slug", slug).with("admin_email", email));
    }
}
