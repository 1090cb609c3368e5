package dev.sluice.datapath.app;

import dev.sluice.datapath.crypto.AeadProviders;
import dev.sluice.datapath.io.openssl.Openssl;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The data path's one entry point: {@code client}, {@code gateway} and {@code wireguard}. */
@Command(
        name = "sluice",
        description = "The data path of Sluice: client, gateway and a plain WireGuard device.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ClientCommand.class, GatewayCommand.class, WireGuardCommand.class})
public final class Main {
    private Main() {}

    /** Exit codes: 0 done, 1 refused or failed, 2 usage. */
    public static void main(String[] arguments) {
        // Netty looks at every interface for a number that makes its channels' names unique; one of any kind will do.
        System.setProperty("io.netty.machineId", "02:00:00:00:00:01");
        Openssl.find().ifPresent(AeadProviders::add);
        int code = commandLine(System.getenv()).execute(arguments);
        System.out.flush();
        System.exit(code);
    }

    /** The command line, with {@code environment} as the source of what no option gives. */
    static CommandLine commandLine(Map<String, String> environment) {
        CommandLine line = new CommandLine(new Main(), new Factory(environment));
        line.setDefaultValueProvider(new EnvironmentDefaults(environment));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        line.getSubcommands().values().forEach(Main::describeFeatures);
        line.setExecutionExceptionHandler(Main::explain);
        line.setParameterExceptionHandler((failure, arguments) -> {
            failure.getCommandLine().getErr().println("sluice: " + failure.getMessage());
            return CommandLine.ExitCode.USAGE;
        });
        return line;
    }

    private static void describeFeatures(CommandLine device) {
        CommandLine start = device.getSubcommands().get("start");
        if (start != null) {
            start.getCommandSpec().usageMessage().footer(FeatureFlags.help());
        }
    }

    private static int explain(Exception failure, CommandLine line, CommandLine.ParseResult parsed) throws Exception {
        return switch (failure) {
            case CommandFailedException refused -> {
                PrintWriter err = line.getErr();
                err.println("sluice: " + refused.getMessage());
                yield refused.exitCode();
            }
            default -> throw failure;
        };
    }

    /** What the jar's manifest says. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"sluice " + UserAgent.OWN_VERSION};
        }
    }

    /** Hands the environment to the commands that read more of it than their options. */
    private record Factory(Map<String, String> environment) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            if (type == Map.class) {
                return CommandLine.defaultFactory().create(type);
            }
            try {
                return type.getDeclaredConstructor(Map.class).newInstance(environment);
            } catch (NoSuchMethodException withoutEnvironment) {
                return CommandLine.defaultFactory().create(type);
            }
        }
    }
}
