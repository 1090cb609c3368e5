package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "directory",
        mixinStandardHelpOptions = true,
        description = "Directories, where people and groups are administered that are not here.")
final class DirectoryCommands {
    private static final Columns COLUMNS = Columns.of("id", "name", "type", "users", "groups", "disabled_at");

    private static final String WHICH = "Its name or id.";

    private final Session session;

    DirectoryCommands(Session session) {
        this.session = session;
    }

    @Command(description = "List directories.")
    int list(@Mixin Output output, @Mixin Where where, @Mixin Amount amount) {
        return session.list(output, where, amount, Kind.DIRECTORY.path(), Query.ALL, COLUMNS);
    }

    @Command(
            description = {
                "Create a directory.",
                "One of type scim calls the portal, at https://PORTAL/integrations/scim/v2, with a token that 'token create"
                        + " --type directory' makes."
            })
    int create(
            @Mixin Output output,
            @Mixin Where where,
            @Option(names = "--name", required = true, description = "1 to 255 characters; unique.") String name,
            @Option(names = "--type", defaultValue = "scim", description = "scim (the default).") String type) {
        var account = session.scope().account(where.account);
        ObjectNode body = Api.JSON.createObjectNode();
        body.putObject("directory").put("name", name).put("type", type);
        return session.print(output, COLUMNS, account, account.api().post(Kind.DIRECTORY.path(), body));
    }

    @Command(description = "Hear nothing of a directory: its people stay as they are.")
    int disable(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "DIRECTORY", description = WHICH) String directory) {
        return disable(output, where, directory, true);
    }

    @Command(description = "Hear of a directory again.")
    int enable(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "DIRECTORY", description = WHICH) String directory) {
        return disable(output, where, directory, false);
    }

    private int disable(Output output, Where where, String directory, boolean disabled) {
        var located = session.one(Kind.DIRECTORY, where, directory);
        ObjectNode body = Api.JSON.createObjectNode();
        body.putObject("directory").put("disabled", disabled);
        JsonNode changed = located.api().put(Kind.DIRECTORY.path(located.thing()), body);
        return session.print(output, COLUMNS, located.account(), changed);
    }

    @Command(description = "Delete a directory and its tokens.")
    int delete(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "DIRECTORY", description = WHICH) String directory,
            @Option(
                            names = "--people",
                            paramLabel = "keep|delete",
                            description =
                                    "Whether those that it has made become the account's own, or lose all access at once.")
                    @Nullable String people) {
        var located = session.one(Kind.DIRECTORY, where, directory);
        String path = Kind.DIRECTORY.path(located.thing())
                + Query.of("people", people).text();
        return session.print(output, COLUMNS, located.account(), located.api().delete(path));
    }
}
