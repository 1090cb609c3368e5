package dev.sluice.functions.console;

import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.auth.BrowserSession;
import dev.sluice.functions.auth.EmailCodes;
import dev.sluice.functions.auth.Sessions;
import dev.sluice.functions.identity.Identities;
import dev.sluice.functions.identity.ProviderType;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.Response.StatusType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The page on which people choose by what they sign in. Of an account that there is not, it is as of one that has codes alone. */
@RequestScoped
class SignInForm {
    private static final List<Identities.Entrance> NOWHERE =
            List.of(new Identities.Entrance(new UUID(0, 0), "E-mail", ProviderType.EMAIL));

    private final AccountService accounts;
    private final Identities identities;
    private final Sessions sessions;
    private final EmailCodes codes;
    private final Cookies cookies;
    private final Forms forms;

    @Inject
    SignInForm(
            AccountService accounts,
            Identities identities,
            Sessions sessions,
            EmailCodes codes,
            Cookies cookies,
            Forms forms) {
        this.accounts = accounts;
        this.identities = identities;
        this.sessions = sessions;
        this.codes = codes;
        this.cookies = cookies;
        this.forms = forms;
    }

    /**
     * The page as it is first.
     *
     * @param ended whether they come from a page that wants them signed in
     * @param from the id of the provider by which they had signed in, who have signed out now; null for anybody else
     */
    Response show(String slug, Intent intent, boolean ended, @Nullable String from, @Nullable String browser) {
        return show(slug, intent, ended, from, browser, Status.OK, new Fields().with("email", null));
    }

    /** What was typed is shown again, but for a password, with what is wrong. */
    Response refuse(String slug, Intent intent, @Nullable String browser, Fields fields) {
        return show(slug, intent, false, null, browser, PageResponse.INVALID, fields);
    }

    /** Who is signed in to this account with this browser. */
    Optional<BrowserSession> session(String slug, @Nullable String browser) {
        return accounts.find(slug)
                .flatMap(account -> cookies.session(account.id())
                        .flatMap(text -> sessions.find(text, browser))
                        .filter(session -> session.accountId().equals(account.id())));
    }

    private Response show(
            String slug,
            Intent intent,
            boolean ended,
            @Nullable String from,
            @Nullable String browser,
            StatusType status,
            Fields fields) {
        var session = intent.isForClient() ? session(slug, browser) : Optional.<BrowserSession>empty();
        var entrances = accounts.find(slug).map(account -> identities.entrances(account.id())).orElse(NOWHERE).stream()
                .filter(entrance -> entrance.type() != ProviderType.EMAIL || codes.areOn())
                .toList();
        return PageResponse.page(
                status,
                Templates.signIn(
                        slug,
                        intent,
                        session.map(BrowserSession::name).orElse(null),
                        ended,
                        entrances.stream()
                                .filter(entrance -> entrance.type().isElsewhere()
                                        && entrance.id().toString().equals(from))
                                .findFirst()
                                .orElse(null),
                        entrances,
                        fields,
                        forms.proof(session.map(BrowserSession::tokenId).orElse(null))));
    }
}
