package dev.sluice.datapath.app;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice wireguard --config wg.conf}: the same core as a plain WireGuard device, without a portal. */
@Command(
        name = "wireguard",
        description = "Runs a plain WireGuard device from a wg-quick file; SIGTERM stops it.",
        mixinStandardHelpOptions = true)
final class WireGuardCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = {"A wg-quick file of mode 600 (it holds the private key)", "[SLUICE_CONFIG]"})
    Path config;

    @Override
    public Integer call() {
        throw CommandFailedException.refused("cannot start " + config + " in this build");
    }
}
