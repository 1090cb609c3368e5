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
}
