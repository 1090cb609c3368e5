package dev.sluice.functions.console;

import dev.sluice.functions.account.Account;
import dev.sluice.functions.auth.BrowserSession;
import jakarta.enterprise.context.RequestScoped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who looks at a page, and of which account. */
@RequestScoped
class Visitor {
    private @Nullable Account account;
    private @Nullable BrowserSession session;

    void is(Account of, BrowserSession by) {
        account = of;
        session = by;
    }

    /** The account that the page is about. */
    Account account() {
        if (account == null) {
            throw new IllegalStateException("the page is not one of an account");
        }
        return account;
    }

    UUID accountId() {
        return account().id();
    }

    BrowserSession session() {
        if (session == null) {
            throw new IllegalStateException("nobody is signed in");
        }
        return session;
    }
}
