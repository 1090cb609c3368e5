package dev.sluice.datapath.app;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sluice client …}. */
@Command(
        name = "client",
        description = "Reaches resources through the tunnel.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
final class ClientCommand {
    private final Map<String, String> environment;

    ClientCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Command(
            name = "start",
            description = "Runs the client in the foreground; SIGTERM stops it cleanly.",
            mixinStandardHelpOptions = true)
    int start(@Mixin DeviceOptions options) {
        Configuration configuration = Configuration.read(Role.CLIENT, options, environment);
        throw CommandFailedException.refused("cannot start " + configuration.role() + " in this build");
    }
}
