package dev.sluice.functions.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What every list takes. */
@Command
final class Amount {
    private static final int MOST = 100_000;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "How many at the most (${DEFAULT-VALUE}).",
            defaultValue = "200")
    int limit;

    /** @throws CommandException when it is none */
    int checked() {
        return checked(limit);
    }

    /** @throws CommandException when it is none */
    static int checked(int limit) {
        if (limit < 1 || limit > MOST) {
            throw CommandException.argument("limit", "'limit' is a number from 1 to " + MOST + ".");
        }
        return limit;
    }
}
