package dev.sluice.functions.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "device", mixinStandardHelpOptions = true, description = "Clients and gateways.")
final class DeviceCommands {
    private final Session session;

    DeviceCommands(Session session) {
        this.session = session;
    }

    @Command(description = "List clients and gateways, and which are connected.")
    int list(
            @Mixin Output output,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Only of this account.")
                    String account) {
        return session.run(output, "device/list", new Arguments().with("account", account));
    }
}
