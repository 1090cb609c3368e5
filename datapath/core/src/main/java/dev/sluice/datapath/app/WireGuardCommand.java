package dev.sluice.datapath.app;

import dev.sluice.datapath.io.NativeLibrary;
import dev.sluice.datapath.io.NativeLibraryException;
import dev.sluice.datapath.io.TunUnavailableException;
import dev.sluice.datapath.io.route.HostRoutesException;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wireguard.Timing;
import dev.sluice.datapath.wireguard.WireGuardConfig;
import dev.sluice.datapath.wireguard.WireGuardConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice wireguard --config wg.conf}: the same core as a plain WireGuard device, without a portal. */
@Command(
        name = "wireguard",
        description = "Runs a plain WireGuard device from a wg-quick file; SIGTERM stops it.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
final class WireGuardCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = {
                "A wg-quick file of mode 600, since it holds the private key",
                "[SLUICE_CONFIG, FIREZONE_CONFIG]"
            })
    Path config;

    @Option(
            names = "--interface",
            paramLabel = "NAME",
            description = {
                "The TUN device's name (default: sluice0, or the next free number)",
                "[SLUICE_INTERFACE, FIREZONE_INTERFACE]"
            })
    @Nullable String interfaceName;

    @Option(
            names = "--outside",
            paramLabel = "PREFIX,…",
            split = ",",
            description = {
                "Networks that a default route of the file leaves to this host's own routes,",
                "beside those that the host is in",
                "[SLUICE_OUTSIDE, FIREZONE_OUTSIDE]"
            })
    List<String> outside = List.of();

    @Option(
            names = "--timing",
            paramLabel = "NAME=TIME,…",
            description = {
                "Overrides protocol timers, for example rekey-after=20s; refused without --lab",
                "[SLUICE_TIMING, FIREZONE_TIMING]"
            })
    @Nullable String timing;

    @Option(
            names = "--lab",
            description = {"Allows what is meant for the lab alone: --timing", "[SLUICE_LAB, FIREZONE_LAB]"})
    boolean lab;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description = {
                "error, warning, info, debug or trace (default: info)",
                "[SLUICE_LOG_LEVEL, FIREZONE_LOG_LEVEL]"
            })
    @Nullable String logLevel;

    @Override
    public Integer call() throws InterruptedException {
        Logging.start(Configuration.logLevel(logLevel));
        Timing timers = Configuration.timing(Timing.standard(), timing, lab);
        try {
            WireGuardConfig parsed = WireGuardConfig.parse(SecretFile.read(config, "configuration"));
            NativeLibrary.load(StateDirectory.standard(System.getenv()).resolve("native"));
            WireGuardProcess process = WireGuardProcess.start(parsed, interfaceName, outside(), timers);
            Termination.await(process::close);
            return 0;
        } catch (WireGuardConfigException
                | TunUnavailableException
                | HostRoutesException
                | NativeLibraryException refused) {
            throw CommandFailedException.refused(refused.getMessage());
        }
    }

    private List<IpPrefix> outside() {
        try {
            return outside.stream().map(IpPrefix::parse).toList();
        } catch (IllegalArgumentException malformed) {
            throw CommandFailedException.usage(
                    "--outside takes networks such as 10.0.0.0/8: " + malformed.getMessage());
        }
    }
}
