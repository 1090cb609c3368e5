package dev.sluice.functions.auth;

import dev.sluice.functions.api.Name;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transaction;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
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
     * @param expiresIn the same, as a number of seconds from now on
     */
    @Schema(name = "TokenWanted")
    public record Wanted(
            @Pattern(regexp = Name.PATTERN, message = Name.RULE) @Nullable String name,

            @Nullable Instant expiresAt,

            @Min(value = 1, message = "is a number of seconds, 1 at least") @Max(value = LONGEST, message = "is more than a hundred years") @Nullable Long expiresIn) {
        /**
         * When it is to end; null if nothing is said.
         *
         * @throws RequestException when both are said
         */
        @Nullable Instant expiry(Transaction transaction) {
            if (expiresAt != null && expiresIn != null) {
                throw RequestException.argument("expires_in", "Say expires_at or expires_in, not both.");
            }
            return expiresIn == null ? expiresAt : transaction.now().plusSeconds(expiresIn);
        }
    }

    private static final long LONGEST = 36_500L * 24 * 60 * 60;

    private static final Wanted NOTHING = new Wanted(null, null, null);

    static Wanted wanted(@Nullable TokenBody body) {
        return body == null || body.token() == null ? NOTHING : body.token();
    }
}
