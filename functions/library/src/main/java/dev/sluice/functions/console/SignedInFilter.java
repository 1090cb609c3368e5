package dev.sluice.functions.console;

import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.auth.Sessions;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
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

    @Inject
    SignedInFilter(
            AccountService accounts, Sessions sessions, Cookies cookies, CurrentRequest current, Visitor visitor) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.cookies = cookies;
        this.current = current;
        this.visitor = visitor;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        String slug = request.getUriInfo().getPathParameters().getFirst("account");
        String browser = request.getHeaderString(HttpHeaders.USER_AGENT);
        accounts.find(slug)
                .flatMap(account -> cookies.session(account.id())
                        .flatMap(text -> sessions.find(text, browser))
                        .filter(session -> session.accountId().equals(account.id()))
                        .map(session -> {
                            visitor.is(account, session);
                            current.by(session.principal());
                            return session;
                        }))
                .ifPresentOrElse(
                        session -> {},
                        () -> request.abortWith(PageResponse.to("/" + SignInPages.path(slug) + "/sign_in?ended=1")));
    }
}
