package dev.sluice.functions.console;

import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Principal;
import dev.sluice.functions.auth.BrowserSession;
import dev.sluice.functions.auth.Sessions;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The accounts to which a browser is signed in, and how one more is added, by whatever way somebody has proved themselves. */
@RequestScoped
class Entrances {
    /** One more signs out the one of which the browser says so first. */
    private static final int MOST_ACCOUNTS = 6;

    private final Sessions sessions;
    private final Cookies cookies;
    private final CurrentRequest current;

    @Inject
    Entrances(Sessions sessions, Cookies cookies, CurrentRequest current) {
        this.sessions = sessions;
        this.cookies = cookies;
        this.current = current;
    }

    List<BrowserSession> signedIn(@Nullable String browser) {
        return cookies.sessions().stream()
                .flatMap(text -> sessions.find(text, browser).stream())
                .toList();
    }

    /**
     * Signs somebody in.
     *
     * @param slug the account's
     * @return the way to its first page; nothing, if what they proved themselves by was used meanwhile
     */
    Optional<Response> enter(Sessions.Invitation who, String slug, @Nullable String browser) {
        current.by(Principal.admin(who.accountId(), who.actorId(), who.tokenId()));
        return sessions.enter(who, browser, current.acting()).map(issued -> {
            List<BrowserSession> others = signedIn(browser).stream()
                    .filter(session -> !session.accountId().equals(who.accountId()))
                    .toList();
            Response.ResponseBuilder response = Response.status(Status.SEE_OTHER)
                    .header(HttpHeaders.LOCATION, "/" + SignInPages.path(slug))
                    .cookie(cookies.signedIn(who.accountId(), issued.text().value()));
            cookies.code().ifPresent(used -> response.cookie(cookies.withoutCode()));
            others.stream()
                    .limit(Math.max(0, others.size() + 1 - MOST_ACCOUNTS))
                    .forEach(other -> {
                        sessions.end(other);
                        response.cookie(cookies.signedOut(other.accountId()));
                    });
            return response.build();
        });
    }
}
