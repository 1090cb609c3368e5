package dev.sluice.functions.auth;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What is asked for of a new token; nothing needs to be. */
public record TokenBody(@Valid @Nullable Wanted token) {
    /**
     * What it is to be.
     *
     * @param name to tell it from others
     * @param expiresAt null for never, or for a week where it has to end
     */
    @Schema(name = "TokenWanted")
    public record Wanted(
            @Size(min = 1, max = 255, message = "has 1 to 255 characters") @Nullable String name,

            @Nullable Instant expiresAt) {}

    private static final Wanted NOTHING = new Wanted(null, null);

    static Wanted wanted(@Nullable TokenBody body) {
        return body == null || body.token() == null ? NOTHING : body.token();
    }
}
