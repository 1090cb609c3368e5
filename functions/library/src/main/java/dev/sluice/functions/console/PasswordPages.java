package dev.sluice.functions.console;

import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.auth.Sessions;
import dev.sluice.functions.identity.Passwords;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** How people come in by a password. */
@Path(Door.PAGES + "{account}/sign_in/password")
@Produces(PageResponse.HTML)
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
@RunOnVirtualThread
public class PasswordPages {
    private final Passwords passwords;
    private final Sessions sessions;
    private final AccountService accounts;
    private final Entrances entrances;
    private final SignInForm signIn;
    private final EvenRefusals refusals;
    private final Attempts attempts;

    @Inject
    PasswordPages(
            Passwords passwords,
            Sessions sessions,
            AccountService accounts,
            Entrances entrances,
            SignInForm signIn,
            EvenRefusals refusals,
            Attempts attempts) {
        this.attempts = attempts;
        this.passwords = passwords;
        this.sessions = sessions;
        this.accounts = accounts;
        this.entrances = entrances;
        this.signIn = signIn;
        this.refusals = refusals;
    }

    @POST
    public Response enter(
            @RestPath String account,
            @BeanParam Intent intent,
            @RestForm @Nullable String email,
            @RestForm @Nullable String password,
            @RestForm @Nullable String form,
            @RestHeader(HttpHeaders.USER_AGENT) @Nullable String browser) {
        intent.check();
        return attempts.counted(form, () -> {
            String address = email == null ? "" : email.strip();
            return refusals.attempt(() -> accounts.find(account)
                            .filter(of -> address.length() <= EmailPages.LONGEST)
                            .flatMap(of -> passwords
                                    .check(of.id(), address, password == null ? "" : password)
                                    .flatMap(known ->
                                            sessions.known(known.accountId(), known.actorId(), known.providerId()))
                                    .flatMap(person -> entrances.enter(person, of, browser, intent))))
                    .orElseGet(() -> signIn.refuse(
                            account,
                            intent,
                            browser,
                            new Fields()
                                    .with("email", address)
                                    .with("password", null)
                                    .wrong(
                                            "password",
                                            "This is not the password of that address, or too many were tried: then wait a"
                                                    + " quarter of an hour.")));
        });
    }
}
