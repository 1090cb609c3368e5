package dev.sluice.functions.console;

import dev.sluice.functions.auth.SignInRate;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What those may send who are not signed in: forms of ours, and what could be guessed not too often. */
@RequestScoped
class Attempts {
    private final Forms forms;
    private final SignInRate rate;
    private final PageFilter pages;

    @Inject
    Attempts(Forms forms, SignInRate rate, PageFilter pages) {
        this.forms = forms;
        this.rate = rate;
        this.pages = pages;
    }

    /** Does what a form says, if it is one of ours. */
    Response sent(@Nullable String form, Supplier<Response> work) {
        return forms.isOurs(form, null) ? work.get() : PageResponse.page(Status.FORBIDDEN, pages.foreign());
    }

    /** The same, and counts. */
    Response counted(@Nullable String form, Supplier<Response> work) {
        return sent(form, () -> counted(work));
    }

    /** Does what is asked for, unless it is asked too often at this address. */
    Response counted(Supplier<Response> work) {
        var wait = rate.take();
        return wait.isZero() ? work.get() : pages.tooOften(wait);
    }
}
