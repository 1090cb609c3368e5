package dev.sluice.functions.account;

import dev.sluice.functions.api.View;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An account as it is shown.
 *
 * @param slug its name in addresses
 * @param policyTestsEnforced whether a change is refused that breaks one of its policy tests
 * @param adminId its first admin, in the answer to its making; null later
 */
public record AccountView(
        UUID id,
        String slug,
        String name,
        boolean disabled,
        boolean policyTestsEnforced,
        @Nullable UUID adminId,
        long version)
        implements View {
    static AccountView of(Account account, @Nullable UUID adminId) {
        return new AccountView(
                account.id(),
                account.slug(),
                account.name(),
                account.disabled(),
                account.policyTestsEnforced(),
                adminId,
                account.version());
    }
}
