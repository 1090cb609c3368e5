package dev.sluice.functions.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What every command takes that is about things of an account. */
@Command
final class Where {
    @Option(
            names = "--account",
            paramLabel = "ACCOUNT",
            description = "The account's slug, name or id; needed where several have what is meant.")
    @Nullable String account;
}
