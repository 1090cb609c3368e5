package dev.sluice.datapath.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.datapath.io.route.HostRoutesException;
import dev.sluice.datapath.io.route.KernelHostRoutes;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
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
            name = "sign-in",
            description = "Has you sign this client in at a browser: prints where, and a code, and waits.",
            mixinStandardHelpOptions = true)
    int signIn(
            @Mixin PortalOptions options,
            @Option(
                            names = "--account",
                            paramLabel = "SLUG",
                            description = {
                                "Of which account; else you say it there",
                                "[SLUICE_ACCOUNT, FIREZONE_ACCOUNT]"
                            })
                    @Nullable String account,
            @Option(
                            names = "--json",
                            description = {"Prints a line of JSON for each step", "[SLUICE_JSON, FIREZONE_JSON]"})
                    boolean json)
            throws InterruptedException {
        return new SignInCommand(options, json, environment, out()).signIn(account, Thread::sleep);
    }

    @Command(
            name = "sign-out",
            description = "Ends what sign-in gave: all access of this client.",
            mixinStandardHelpOptions = true)
    int signOut(
            @Mixin PortalOptions options,
            @Option(
                            names = "--json",
                            description = {"Prints a line of JSON", "[SLUICE_JSON, FIREZONE_JSON]"})
                    boolean json)
            throws InterruptedException {
        return new SignInCommand(options, json, environment, out()).signOut();
    }

    @Command(
            name = "status",
            description = "Shows what the running client says of itself.",
            mixinStandardHelpOptions = true)
    int status(
            @Mixin StatusOptions options,
            @Option(names = "--watch", description = "Shows it again whenever it changes, until SIGINT") boolean watch)
            throws InterruptedException {
        InetSocketAddress address = StatusAddress.parse(options.statusAddress, Role.CLIENT);
        return watch
                ? new StatusWatch(out(), options.json).run(() -> DeviceCommand.status(address), Thread::sleep)
                : DeviceCommand.status(address, options.json, out());
    }

    @Command(
            name = "resources",
            description = "Lists what you may reach, and what of it you reach now.",
            mixinStandardHelpOptions = true)
    int resources(@Mixin StatusOptions options) {
        JsonNode status = DeviceCommand.status(StatusAddress.parse(options.statusAddress, Role.CLIENT));
        print(options.json ? status.path("resources").toPrettyString() + "\n" : ResourceText.list(status));
        return 0;
    }

    @Command(
            name = "explain",
            description = "Says how you stand to a resource: whether you reach it, and why it was refused.",
            mixinStandardHelpOptions = true)
    int explain(
            @Parameters(paramLabel = "RESOURCE", description = "Its name, id or address") String resource,
            @Mixin StatusOptions options) {
        JsonNode status = DeviceCommand.status(StatusAddress.parse(options.statusAddress, Role.CLIENT));
        JsonNode found = ResourceText.find(status, resource);
        print(options.json ? found.toPrettyString() + "\n" : ResourceText.explain(status, found));
        return 0;
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

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private void print(String text) {
        out().print(text);
        out().flush();
    }
}
