package dev.sluice.functions.auth;

import dev.sluice.channel.Reason;

/** What became of a token that was shown. */
public sealed interface Authentication {
    record Accepted(Token token) implements Authentication {}

    record Refused(Reason reason) implements Authentication {}
}
