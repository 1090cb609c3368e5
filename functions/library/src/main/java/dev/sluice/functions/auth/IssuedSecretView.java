package dev.sluice.functions.auth;

import dev.sluice.functions.api.View;
import java.util.UUID;

/**
 * Another secret of a token, at the one moment when its text is shown.
 *
 * @param token the text: what a device or a program signs in with
 */
public record IssuedSecretView(UUID id, UUID tokenId, String token) implements View {
    static IssuedSecretView of(Token.Issued issued) {
        return new IssuedSecretView(
                issued.secretId(), issued.token().id(), issued.text().value());
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
        return "IssuedSecretView[" + id + ", ***]";
    }
}
