package dev.sluice.datapath.app;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options of {@code status}. */
@Command
final class StatusOptions {
    @Option(
            names = "--json",
            description = {"Prints what the listener answers, as it is", "[SLUICE_JSON, FIREZONE_JSON]"})
    boolean json;

    @Option(
            names = "--status-address",
            paramLabel = "HOST:PORT",
            description = {
                "Where the process serves its status (default: 127.0.0.1:13020 client, 127.0.0.1:13010 gateway)",
                "[SLUICE_STATUS_ADDRESS, FIREZONE_STATUS_ADDRESS]"
            })
    @Nullable String statusAddress;
}
