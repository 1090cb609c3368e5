package dev.sluice.datapath.app;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice gateway …}. */
@Command(
        name = "gateway",
        description = "Serves resources to clients through the tunnel.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
final class GatewayCommand {
    private final Map<String, String> environment;

    @Spec
    CommandSpec spec;

    GatewayCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Command(
            name = "start",
            description = "Runs the gateway in the foreground; SIGTERM stops it cleanly.",
            mixinStandardHelpOptions = true)
    int start(@Mixin DeviceOptions options) throws InterruptedException {
        return DeviceCommand.start(Configuration.read(Role.GATEWAY, options, environment), environment);
    }

    @Command(
            name = "status",
            description = "Shows what the running gateway says of itself.",
            mixinStandardHelpOptions = true)
    int status(@Mixin StatusOptions options) {
        return DeviceCommand.status(
                StatusAddress.parse(options.statusAddress, Role.GATEWAY),
                options.json,
                spec.commandLine().getOut());
    }

    @Command(
            name = "check",
            description =
                    "Looks at what this host has to offer a gateway, and at resources that nothing comes back from."
                            + " Ends with 1 if something is wrong.",
            mixinStandardHelpOptions = true)
    int check(@Mixin StatusOptions options) {
        return new GatewayCheck(spec.commandLine().getOut())
                .run(() -> DeviceCommand.status(StatusAddress.parse(options.statusAddress, Role.GATEWAY)));
    }
}
