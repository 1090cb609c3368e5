package dev.sluice.functions.console;

import dev.sluice.channel.Secret;
import dev.sluice.functions.account.Account;
import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.auth.BrowserSession;
import dev.sluice.functions.auth.Person;
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
    private final ClientHandOff handOff;
    private final CurrentRequest current;

    @Inject
    Entrances(Sessions sessions, Cookies cookies, ClientHandOff handOff, CurrentRequest current) {
        this.sessions = sessions;
        this.cookies = cookies;
        this.handOff = handOff;
        this.current = current;
    }

    List<BrowserSession> signedIn(@Nullable String browser) {
        return cookies.sessions().stream()
                .flatMap(text -> sessions.find(text, browser).stream())
                .toList();
    }

    /**
     * Goes on with somebody who has proved who they are to what they signed in for.
     *
     * @return nothing, if what they proved themselves by was used meanwhile
     */
    Optional<Response> enter(Person who, Account account, @Nullable String browser, Intent intent) {
        current.by(who.principal());
        if (intent.isForClient()) {
            String state = intent.state();
            return sessions.enterClient(who, browser, intent.nonce(), current.acting())
                    .map(issued -> handOff.begin(account, who.name(), who.email(), issued.text(), state));
        }
        if (!who.admin() && !intent.isForDevice()) {
            sessions.refuse(who, current.acting());
            return Optional.of(PageResponse.page(
                    Status.FORBIDDEN,
                    Templates.error(
                            "Only admins come in here",
                            "You are " + who.name() + ", and the console is for those who administer the account."
                                    + " What you may reach, your client on your device reaches: sign in from there.",
                            current.id())));
        }
        return sessions.enter(who, browser, current.acting())
                .map(issued -> enter(account, issued.text(), browser, intent));
    }

    private Response enter(Account account, Secret session, @Nullable String browser, Intent intent) {
        List<BrowserSession> others = signedIn(browser).stream()
                .filter(other -> !other.accountId().equals(account.id()))
                .toList();
        Response.ResponseBuilder response = Response.status(Status.SEE_OTHER)
                .header(
                        HttpHeaders.LOCATION,
                        "/" + account.slug() + (intent.isForDevice() ? "/device" + intent.query() : ""))
                .cookie(cookies.signedIn(account.id(), session.value()));
        cookies.code().ifPresent(used -> response.cookie(cookies.withoutCode()));
        others.stream().limit(Math.max(0, others.size() + 1 - MOST_ACCOUNTS)).forEach(other -> {
            sessions.end(other);
            response.cookie(cookies.signedOut(other.accountId()));
        });
        return response.build();
    }
}
