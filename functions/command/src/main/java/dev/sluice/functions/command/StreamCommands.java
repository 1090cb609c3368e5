package dev.sluice.functions.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "stream",
        mixinStandardHelpOptions = true,
        description = "What devices are told. Holding it makes a device believe what is no longer true: for tests.")
final class StreamCommands {
    private final Session session;

    StreamCommands(Session session) {
        this.session = session;
    }

    @Command(description = "Let everything for a device wait.")
    int hold(
            @Mixin Output output,
            @Parameters(paramLabel = "DEVICE", description = "A client's or gateway's name, tunnel address or id.")
                    String device,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Where to look for it.")
                    String account) {
        return session.run(
                output, "stream/hold", new Arguments().with("device", device).with("account", account));
    }

    @Command(description = "Send what waited.")
    int release(
            @Mixin Output output,
            @Parameters(paramLabel = "DEVICE", description = "A client's or gateway's name, tunnel address or id.")
                    String device,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Where to look for it.")
                    String account) {
        return session.run(
                output, "stream/release", new Arguments().with("device", device).with("account", account));
    }

    @Command(
            name = "new-epoch",
            description = {
                "Say that the database was restored from a backup.",
                "Devices then ask for all that holds, and take decisions that count from before. The portal notices by itself"
                        + " when another server or a recovered one answers; files that were copied back it cannot notice."
            })
    int newEpoch(@Mixin Output output) {
        return session.run(output, "stream/new-epoch", new Arguments());
    }
}
