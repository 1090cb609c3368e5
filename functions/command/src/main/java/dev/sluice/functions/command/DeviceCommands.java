package dev.sluice.functions.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "device", mixinStandardHelpOptions = true, description = "Clients and gateways.")
final class DeviceCommands {
    static final Columns COLUMNS = Columns.of("id", "type", "name", "ipv4", "ipv6", "online", "last_seen_at")
            .with("version", device -> device.path("last_seen_version"));

    private final Session session;

    DeviceCommands(Session session) {
        this.session = session;
    }

    @Command(description = "List clients and gateways, and which are connected.")
    int list(@Mixin Output output, @Mixin Where where, @Mixin Amount amount) {
        return session.list(output, where, amount, Kind.DEVICE.path(), Query.ALL, COLUMNS);
    }
}
