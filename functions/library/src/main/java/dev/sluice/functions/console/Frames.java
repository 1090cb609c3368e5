package dev.sluice.functions.console;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What every page of an account has in common: what stands around it, and that its forms are its own. */
@RequestScoped
class Frames {
    private final Visitor visitor;
    private final Forms forms;
    private final PageFilter pages;

    @Inject
    Frames(Visitor visitor, Forms forms, PageFilter pages) {
        this.visitor = visitor;
        this.forms = forms;
        this.pages = pages;
    }

    /** @param part which of the account's pages it is */
    Frame of(String part) {
        return new Frame(
                visitor.account().slug(),
                visitor.account().name(),
                visitor.session().name(),
                visitor.session().admin(),
                part,
                forms.proof(visitor.session().tokenId()));
    }

    /** Does what a form says, if it is one of ours. */
    Response sent(@Nullable String form, Supplier<Response> work) {
        return forms.isOurs(form, visitor.session().tokenId())
                ? work.get()
                : PageResponse.page(Status.FORBIDDEN, pages.foreign());
    }
}
