package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "account", mixinStandardHelpOptions = true, description = "Accounts. For operators.")
final class AccountCommands {
    private static final String PATH = "/operator/accounts";
    private static final Columns COLUMNS = Columns.of("id", "slug", "name", "disabled");

    private final Session session;

    AccountCommands(Session session) {
        this.session = session;
    }

    @Command(description = "List accounts.")
    int list(@Mixin Output output, @Mixin Amount amount) {
        ArrayNode accounts = Api.JSON.createArrayNode();
        boolean more = session.scope().operator().list(PATH, Query.ALL, amount.checked(), accounts::add);
        return session.print(output, COLUMNS, accounts, more);
    }

    @Command(description = "Create an account with its first administrator.")
    int create(
            @Mixin Output output,
            @Option(names = "--name", required = true, description = "3 to 64 characters.") String name,
            @Option(names = "--slug", required = true, description = "3 to 100 of a-z, 0-9 and _; unique.") String slug,
            @Option(names = "--admin-email", required = true, description = "The first administrator's address.")
                    String email) {
        ObjectNode body = Api.JSON.createObjectNode();
        body.putObject("account").put("name", name).put("slug", slug).put("admin_email", email);
        return session.print(
                output,
                Columns.of("id", "slug", "name", "admin_id"),
                session.scope().operator().post(PATH, body));
    }
}
