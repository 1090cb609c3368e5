package dev.sluice.functions.auth;

import dev.sluice.functions.api.View;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A token at the one moment when its text is shown.
 *
 * @param token the text: what a device or a program signs in with
 */
public record IssuedView(
        UUID id,
        @Nullable String name,
        String type,
        @Nullable Instant expiresAt,
        String token) implements View {
    static IssuedView of(Token.Issued issued) {
        Token token = issued.token();
        return new IssuedView(
                token.id(),
                token.name(),
                token.type().word(),
                token.expiresAt(),
                issued.text().value());
    }

    @Override
    public long version() {
        return 1;
    }

    @Override
    public boolean isSecret() {
        return true;
    }

    @Override
    public String toString() {
        return "IssuedView[" + id + ", ***]";
    }
}
