package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "flow",
        mixinStandardHelpOptions = true,
        description = "Flows: which client may now reach which resource through which gateway.")
final class FlowCommands {
    private static final String PATH = "/flows";
    private static final String WHICH = "Its id, or the name, address or id of its resource: every flow to it.";
    private static final String OF = "Only of this client.";
    private static final int MOST = 100_000;
    private static final Columns COLUMNS =
            Columns.of("id", "actor", "client", "resource", "gateway", "state", "generation", "expires_at");

    private final Session session;

    FlowCommands(Session session) {
        this.session = session;
    }

    @Command(description = "List flows.")
    int list(
            @Mixin Output output,
            @Mixin Where where,
            @Mixin Amount amount,
            @Option(names = "--client", paramLabel = "CLIENT", description = OF) @Nullable String client,
            @Option(names = "--resource", paramLabel = "RESOURCE", description = "Only to this resource.") @Nullable String resource) {
        if (client == null && resource == null) {
            return session.list(output, where, amount, PATH, Query.of("client_id", null), COLUMNS);
        }
        var located = session.scope()
                .locate(
                        where.account,
                        api -> Query.of("client_id", id(api, Kind.CLIENT, client))
                                .and("resource_id", id(api, Kind.RESOURCE, resource)));
        return session.list(output, located, amount, PATH, located.thing(), COLUMNS);
    }

    @Command(description = "Let flows end after a while instead of at their expiry.")
    int expire(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "FLOW", description = WHICH) String flow,
            @Option(names = "--in", paramLabel = "TIME", required = true, description = "For example 10s.")
                    String expiresIn,
            @Option(names = "--client", paramLabel = "CLIENT", description = OF) @Nullable String client) {
        ObjectNode body = Api.JSON.createObjectNode();
        body.putObject("flow").put("expires_in", Span.seconds("in", expiresIn));
        var located = session.scope().locate(where.account, api -> meant(api, flow, client));
        located.thing().forEach(id -> located.api().put(PATH + "/" + id, body));
        return session.print(
                output, Api.JSON.createObjectNode().put("flows", located.thing().size()));
    }

    @Command(description = "End flows now. A client may ask again, and gets through if a policy still allows it.")
    int end(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "FLOW", description = WHICH) String flow,
            @Option(names = "--client", paramLabel = "CLIENT", description = OF) @Nullable String client) {
        var located = session.scope().locate(where.account, api -> meant(api, flow, client));
        located.thing().forEach(id -> located.api().delete(PATH + "/" + id));
        return session.print(
                output, Api.JSON.createObjectNode().put("flows", located.thing().size()));
    }

    /** The flow of this id, or those to this resource. */
    private static List<String> meant(Api api, String reference, @Nullable String client) {
        if (Kind.isId(reference)) {
            try {
                return List.of(api.get(PATH + "/" + reference).path("id").asText());
            } catch (CommandException refused) {
                if (!refused.isNotFound()) {
                    throw refused;
                }
            }
        }
        List<String> ids = new ArrayList<>();
        var query = Query.of("resource_id", id(api, Kind.RESOURCE, reference))
                .and("client_id", id(api, Kind.CLIENT, client));
        api.list(PATH, query, MOST, flow -> ids.add(flow.path("id").asText()));
        if (ids.isEmpty()) {
            throw CommandException.notFound("Nobody has a flow to '" + reference + "' now.");
        }
        return ids;
    }

    private static @Nullable String id(Api api, Kind kind, @Nullable String reference) {
        return reference == null ? null : kind.one(api, reference).path("id").asText();
    }

    @Command(
            name = "reject-access",
            description =
                    "Tell a site's gateways to drop access, and nothing else: the flows stay, and clients that ask"
                            + " again get through. For tests of that.")
    static final class RejectAccess implements Callable<Integer> {
        private final Session session;

        @Mixin
        Output output;

        @Mixin
        Where where;

        @Option(names = "--site", paramLabel = "SITE", required = true, description = "Whose gateways are told.")
        String site;

        @Option(names = "--resource", paramLabel = "RESOURCE", required = true, description = "To which resource.")
        String resource;

        @Option(
                names = "--client",
                paramLabel = "CLIENT",
                description = "Of this client only, else of all that have it.")
        @Nullable String client;

        RejectAccess(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            session.scope().operator();
            var located = session.one(Kind.RESOURCE, where, resource);
            ObjectNode body = Api.JSON
                    .createObjectNode()
                    .put("resource_id", located.thing().path("id").asText())
                    .put("gateway_group_id", id(located.api(), Kind.SITE, site))
                    .put("client_id", id(located.api(), Kind.CLIENT, client));
            JsonNode told = located.api().post("/operator/reject_access", body);
            return session.print(output, told);
        }
    }
}
