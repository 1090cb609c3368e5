package dev.sluice.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./sluice bench}. */
@Command(
        name = "./sluice bench",
        description = "Measures, prints a table and records it in benchmarks/results.",
        mixinStandardHelpOptions = true,
        subcommands = {
            MicroCommand.class,
            AllocationCommand.class,
            TunnelCommand.class,
            FlowsCommand.class,
            RevocationCommand.class,
            ChannelsCommand.class,
            ApiCommand.class,
            PagesCommand.class,
            DirectoryCommand.class
        })
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        CommandLine commands = new CommandLine(new Main());
        commands.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof BenchmarkFailedException) {
                System.err.println("sluice: " + failure.getMessage());
            } else {
                failure.printStackTrace();
            }
            return CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(commands.execute(arguments));
    }
}
