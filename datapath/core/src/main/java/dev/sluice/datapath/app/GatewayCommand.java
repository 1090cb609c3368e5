package dev.sluice.datapath.app;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sluice gateway …}. */
@Command(
        name = "gateway",
        description = "Serves resources to clients through the tunnel.",
        mixinStandardHelpOptions = true)
final class GatewayCommand {
    private final Map<String, String> environment;

    GatewayCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Command(
            name = "start",
            description = "Runs the gateway in the foreground; SIGTERM stops it cleanly.",
            mixinStandardHelpOptions = true)
    int start(@Mixin DeviceOptions options) {
        Configuration configuration = Configuration.read(Role.GATEWAY, options, environment);
        throw CommandFailedException.refused("cannot start " + configuration.role() + " in this build");
    }
}
