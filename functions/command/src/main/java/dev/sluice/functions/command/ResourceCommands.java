package dev.sluice.functions.command;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "resource", mixinStandardHelpOptions = true, description = "Resources: what is protected.")
final class ResourceCommands {
    private final Session session;

    ResourceCommands(Session session) {
        this.session = session;
    }

    @Command(description = "List resources.")
    int list(
            @Mixin Output output,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Only of this account.")
                    String account) {
        return session.run(output, "resource/list", new Arguments().with("account", account));
    }

    @Command(description = "Create a resource. Nobody reaches it before a policy says so.")
    int create(
            @Mixin Output output,
            @Option(names = "--type", required = true, description = "cidr, ip, dns or internet.") String type,
            @Option(names = "--address", description = "Such as 172.20.0.0/16, 1.2.3.4 or *.example.com.")
                    String address,
            @Option(names = "--site", paramLabel = "SITE", required = true, description = "Whose gateways serve it.")
                    String site,
            @Option(names = "--name", required = true, description = "1 to 255 characters.") String name,
            @Option(
                            names = "--filter",
                            paramLabel = "FILTER",
                            description = "What may pass, such as tcp:80, udp:5000-5100, tcp or icmp; repeatable."
                                    + " Without any, everything.")
                    List<String> filters,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Where to look for the site.")
                    String account) {
        return session.run(
                output,
                "resource/create",
                new Arguments()
                        .with("type", type)
                        .with("address", address)
                        .with("site", site)
                        .with("name", name)
                        .with("filters", filters)
                        .with("account", account));
    }

    @Command(name = "set-filters", description = "Replace a resource's filters; without any, everything may pass.")
    int setFilters(
            @Mixin Output output,
            @Parameters(paramLabel = "RESOURCE", description = "Its name, address or id.") String resource,
            @Option(names = "--filter", paramLabel = "FILTER", description = "Such as tcp:80-90; repeatable.")
                    List<String> filters,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Where to look for it.")
                    String account) {
        return session.run(
                output,
                "resource/set-filters",
                new Arguments()
                        .with("resource", resource)
                        .with("filters", filters)
                        .with("account", account));
    }

    @Command(description = "Delete a resource with its policies: access to it ends at once.")
    int delete(
            @Mixin Output output,
            @Parameters(paramLabel = "RESOURCE", description = "Its name, address or id.") String resource,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Where to look for it.")
                    String account) {
        return session.run(
                output,
                "resource/delete",
                new Arguments().with("resource", resource).with("account", account));
    }
}
