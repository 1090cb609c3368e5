package dev.sluice.functions.console;

import dev.sluice.functions.account.Account;
import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.auth.BrowserSession;
import dev.sluice.functions.auth.Sessions;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;

/** What {@link SignedIn} means. An account that there is not is answered as one to which nobody is signed in. */
@Provider
@SignedIn
@Priority(Priorities.AUTHORIZATION)
class SignedInFilter implements ContainerRequestFilter {
    private final AccountService accounts;
    private final Sessions sessions;
    private final Cookies cookies;
    private final CurrentRequest current;
    private final Visitor visitor;
    private final ResourceInfo resource;

    @Inject
    SignedInFilter(
            AccountService accounts,
            Sessions sessions,
            Cookies cookies,
            CurrentRequest current,
            Visitor visitor,
            ResourceInfo resource) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.cookies = cookies;
        this.current = current;
        this.visitor = visitor;
        this.resource = resource;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        var parameters = request.getUriInfo().getQueryParameters();
        String slug = request.getUriInfo().getPathParameters().getFirst("account");
        if ("client".equals(parameters.getFirst("as"))) {
            // As clients open it, whoever is signed in to the console already.
            request.abortWith(PageResponse.to("/" + SignInPages.path(slug) + "/sign_in?"
                    + request.getUriInfo().getRequestUri().getRawQuery()));
            return;
        }
        var found = accounts.find(slug)
                .flatMap(account -> cookies.session(account.id())
                        .flatMap(text -> sessions.find(text, request.getHeaderString(HttpHeaders.USER_AGENT)))
                        .filter(session -> session.accountId().equals(account.id()))
                        .map(session -> new Visit(account, session)));
        if (found.isEmpty()) {
            String code = parameters.getFirst("user_code");
            request.abortWith(PageResponse.to("/" + SignInPages.path(slug) + "/sign_in?"
                    + (who() == SignedIn.Who.ADMINS
                            ? "ended=1"
                            : "as=device" + (code == null ? "" : "&user_code=" + SignInPages.path(code)))));
            return;
        }
        var visit = found.get();
        if (who() == SignedIn.Who.ADMINS && !visit.session().admin()) {
            throw new NotFoundException();
        }
        visitor.is(visit.account(), visit.session());
        current.by(visit.session().principal());
    }

    private record Visit(Account account, BrowserSession session) {}

    private SignedIn.Who who() {
        return resource.getResourceClass().getAnnotation(SignedIn.class).value();
    }
}
