package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "site", mixinStandardHelpOptions = true, description = "Sites: where gateways stand.")
final class SiteCommands {
    private static final Columns COLUMNS = Columns.of("id", "name", "managed_by");

    private final Session session;

    SiteCommands(Session session) {
        this.session = session;
    }

    @Command(description = "List sites.")
    int list(@Mixin Output output, @Mixin Where where, @Mixin Amount amount) {
        return session.list(output, where, amount, Kind.SITE.path(), Query.ALL, COLUMNS);
    }

    @Command(description = "Create a site.")
    int create(
            @Mixin Output output,
            @Mixin Where where,
            @Option(names = "--name", required = true, description = "1 to 64 characters; unique.") String name) {
        var account = session.scope().account(where.account);
        ObjectNode body = Api.JSON.createObjectNode();
        body.putObject("gateway_group").put("name", name);
        return session.print(output, COLUMNS, account, account.api().post(Kind.SITE.path(), body));
    }

    @Command(description = "Delete a site with its gateways and their tokens: what they serve ends at once.")
    int delete(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "SITE", description = "Its name or id.") String site) {
        var located = session.one(Kind.SITE, where, site);
        JsonNode deleted = located.api().delete(Kind.SITE.path(located.thing()));
        return session.print(output, COLUMNS, located.account(), deleted);
    }
}
