package dev.sluice.datapath.app;

import dev.sluice.datapath.io.route.HostRoutesException;
import dev.sluice.datapath.io.route.KernelHostRoutes;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice client …}. */
@Command(
        name = "client",
        description = "Reaches resources through the tunnel.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
final class ClientCommand {
    private final Map<String, String> environment;

    @Spec
    CommandSpec spec;

    ClientCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Command(
            name = "start",
            description = "Runs the client in the foreground; SIGTERM stops it cleanly.",
            mixinStandardHelpOptions = true)
    int start(@Mixin DeviceOptions options) throws InterruptedException {
        return DeviceCommand.start(Configuration.read(Role.CLIENT, options, environment), environment);
    }

    @Command(
            name = "status",
            description = "Shows what the running client says of itself.",
            mixinStandardHelpOptions = true)
    int status(@Mixin StatusOptions options) {
        return DeviceCommand.status(
                StatusAddress.parse(options.statusAddress, Role.CLIENT),
                options.json,
                spec.commandLine().getOut());
    }

    @Command(
            name = "cleanup",
            description = "Removes the rules and routes that a killed client or gateway left on this host.",
            mixinStandardHelpOptions = true)
    int cleanUp() {
        try {
            KernelHostRoutes.cleanUp();
            return 0;
        } catch (HostRoutesException refused) {
            throw CommandFailedException.refused(refused.getMessage());
        }
    }
}
