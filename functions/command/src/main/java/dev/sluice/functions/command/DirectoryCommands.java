package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
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
    private static final Columns RUNS = Columns.of("started_at", "read_at", "finished_at", "outcome", "error")
            .withText(
                    "did",
                    run -> run.path("counts").properties().stream()
                            .map(count -> count.getValue().asText() + " "
                                    + count.getKey().replace('_', ' '))
                            .collect(Collectors.joining(", ")));
    private static final Columns HELD = Columns.of("kind", "actor", "group");

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
                        + " --type directory' makes. One of type workos is linked by 'directory link'. One of type entra is"
                        + " asked as an application of the tenant's, which may read all users and groups."
            })
    int create(
            @Mixin Output output,
            @Mixin Where where,
            @Option(names = "--name", required = true, description = "1 to 255 characters; unique.") String name,
            @Option(names = "--type", defaultValue = "scim", description = "scim (the default), workos or entra.")
                    String type,
            @Option(names = "--tenant-id", paramLabel = "ID", description = "Of Entra: the tenant.") @Nullable String tenant,
            @Option(names = "--client-id", paramLabel = "ID", description = "Of Entra: as which application to ask.")
                    @Nullable String client,
            @Option(
                            names = "--client-secret-file",
                            paramLabel = "FILE",
                            description = "Of Entra: the application's secret, in a file.")
                    @Nullable Path secretFile) {
        var account = session.scope().account(where.account);
        ObjectNode body = Api.JSON.createObjectNode();
        ObjectNode wanted = body.putObject("directory").put("name", name).put("type", type);
        if (tenant != null) {
            wanted.put("tenant_id", tenant);
        }
        if (client != null) {
            wanted.put("client_id", client);
        }
        if (secretFile != null) {
            wanted.put("client_secret", secret(secretFile));
        }
        return session.print(output, COLUMNS, account, account.api().post(Kind.DIRECTORY.path(), body));
    }

    private static String secret(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw CommandException.argument(
                    "client_secret_file", "'client_secret_file' cannot be read: " + e.getMessage() + ".");
        }
    }

    @Command(description = "Show a directory, and how it stands.")
    int show(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "DIRECTORY", description = WHICH) String directory) {
        var located = session.one(Kind.DIRECTORY, where, directory);
        return session.print(output, located.api().get(Kind.DIRECTORY.path(located.thing())));
    }

    @Command(
            name = "link",
            description =
                    "Print a page of WorkOS, on which whoever administers the directory links it within five minutes.")
    int link(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "DIRECTORY", description = WHICH) String directory) {
        var located = session.one(Kind.DIRECTORY, where, directory);
        ObjectNode body = Api.JSON.createObjectNode();
        body.putObject("setup_link");
        return session.print(output, located.api().post(Kind.DIRECTORY.path(located.thing()) + "/setup_links", body));
    }

    @Command(description = "Ask a directory now who there is: within some seconds.")
    int sync(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "DIRECTORY", description = WHICH) String directory) {
        return post(output, where, directory, "/runs");
    }

    @Command(description = "List when a directory was asked, and what came of it.")
    int runs(
            @Mixin Output output,
            @Mixin Where where,
            @Mixin Amount amount,
            @Parameters(paramLabel = "DIRECTORY", description = WHICH) String directory) {
        return list(output, where, amount, directory, "/runs", RUNS);
    }

    @Command(
            description =
                    "List what a directory does not mention any more, where that is so much that it may be its mistake.")
    int held(
            @Mixin Output output,
            @Mixin Where where,
            @Mixin Amount amount,
            @Parameters(paramLabel = "DIRECTORY", description = WHICH) String directory) {
        return list(output, where, amount, directory, "/held", HELD);
    }

    @Command(description = "Take away what is held: all access that it gave ends at once.")
    int apply(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "DIRECTORY", description = WHICH) String directory) {
        return post(output, where, directory, "/held/apply");
    }

    @Command(description = "Keep what is held, until the directory mentions it again.")
    int discard(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "DIRECTORY", description = WHICH) String directory) {
        return post(output, where, directory, "/held/discard");
    }

    private int post(Output output, Where where, String directory, String path) {
        var located = session.one(Kind.DIRECTORY, where, directory);
        return session.print(
                output, located.api().post(Kind.DIRECTORY.path(located.thing()) + path, Api.JSON.createObjectNode()));
    }

    private int list(Output output, Where where, Amount amount, String directory, String path, Columns columns) {
        var located = session.one(Kind.DIRECTORY, where, directory);
        return session.list(output, where, amount, Kind.DIRECTORY.path(located.thing()) + path, Query.ALL, columns);
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
