package dev.sluice.functions.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "flow",
        mixinStandardHelpOptions = true,
        description = "Flows: which client may now reach which resource through which gateway.")
final class FlowCommands {
    private final Session session;

    FlowCommands(Session session) {
        this.session = session;
    }

    @Command(description = "List flows.")
    int list(
            @Mixin Output output,
            @Option(names = "--client", paramLabel = "CLIENT", description = "Only of this client.") String client,
            @Option(names = "--resource", paramLabel = "RESOURCE", description = "Only to this resource.")
                    String resource,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Only of this account.")
                    String account) {
        return session.run(
                output,
                "flow/list",
                new Arguments()
                        .with("client", client)
                        .with("resource", resource)
                        .with("account", account));
    }

    @Command(description = "Let flows end after a while instead of at their expiry.")
    int expire(
            @Mixin Output output,
            @Parameters(
                            paramLabel = "FLOW",
                            description = "Its id, or the name, address or id of its resource: every flow to it.")
                    String flow,
            @Option(names = "--in", paramLabel = "TIME", required = true, description = "For example 10s.")
                    String expiresIn,
            @Option(names = "--client", paramLabel = "CLIENT", description = "Only of this client.") String client,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Where to look for it.")
                    String account) {
        return session.run(
                output,
                "flow/expire",
                new Arguments()
                        .with("flow", flow)
                        .with("in", expiresIn)
                        .with("client", client)
                        .with("account", account));
    }

    @Command(description = "End flows now. A client may ask again, and gets through if a policy still allows it.")
    int end(
            @Mixin Output output,
            @Parameters(
                            paramLabel = "FLOW",
                            description = "Its id, or the name, address or id of its resource: every flow to it.")
                    String flow,
            @Option(names = "--client", paramLabel = "CLIENT", description = "Only of this client.") String client,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Where to look for it.")
                    String account) {
        return session.run(
                output,
                "flow/end",
                new Arguments().with("flow", flow).with("client", client).with("account", account));
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

        @Option(names = "--site", paramLabel = "SITE", required = true, description = "Whose gateways are told.")
        String site;

        @Option(names = "--resource", paramLabel = "RESOURCE", required = true, description = "To which resource.")
        String resource;

        @Option(
                names = "--client",
                paramLabel = "CLIENT",
                description = "Of this client only, else of all that have it.")
        String client;

        @Option(names = "--account", paramLabel = "ACCOUNT", description = "Where to look for them.")
        String account;

        RejectAccess(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            return session.run(
                    output,
                    "reject-access",
                    new Arguments()
                            .with("site", site)
                            .with("resource", resource)
                            .with("client", client)
                            .with("account", account));
        }
    }
}
