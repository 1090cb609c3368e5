package dev.sluice.functions.console;

import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.auth.EmailCodes;
import dev.sluice.functions.auth.Sessions;
import dev.sluice.functions.auth.SignInRate;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.Response.StatusType;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** How people come in by a code that is sent to them. */
@Path(Door.PAGES + "{account}/sign_in/email")
@Produces(PageResponse.HTML)
@Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
@RunOnVirtualThread
public class EmailPages {
    private static final String CODE = "code";

    /** RFC 5321, section 4.5.3.1.3. */
    static final int LONGEST = 254;

    private final EmailCodes codes;
    private final Sessions sessions;
    private final AccountService accounts;
    private final Cookies cookies;
    private final Forms forms;
    private final Entrances entrances;
    private final SignInRate rate;
    private final EvenRefusals refusals;
    private final Attempts attempts;

    @Inject
    EmailPages(
            EmailCodes codes,
            Sessions sessions,
            AccountService accounts,
            Cookies cookies,
            Forms forms,
            Entrances entrances,
            SignInRate rate,
            EvenRefusals refusals,
            Attempts attempts) {
        this.attempts = attempts;
        this.codes = codes;
        this.sessions = sessions;
        this.accounts = accounts;
        this.cookies = cookies;
        this.forms = forms;
        this.entrances = entrances;
        this.rate = rate;
        this.refusals = refusals;
    }

    @POST
    public Response ask(
            @RestPath String account,
            @BeanParam Intent intent,
            @RestForm @Nullable String email,
            @RestForm @Nullable String form,
            @RestHeader(HttpHeaders.USER_AGENT) @Nullable String browser) {
        intent.check();
        requireMails();
        return attempts.counted(form, () -> {
            String signIn = "/" + SignInPages.path(account) + "/sign_in";
            String address = email == null ? "" : email.strip();
            if (!address.contains("@") || address.length() > LONGEST) {
                return PageResponse.to(signIn + intent.query());
            }
            var asker = new EmailCodes.Asker(browser, rate.address());
            var kept = codes.send(accounts.find(account), address, asker, intent.more());
            return Response.status(Status.SEE_OTHER)
                    .header(HttpHeaders.LOCATION, signIn + "/email" + intent.query())
                    .cookie(cookies.code(kept.value()))
                    .build();
        });
    }

    /** Shows what to type, with the code of the mail's link. */
    @GET
    public Response show(@RestPath String account, @BeanParam Intent intent, @RestQuery @Nullable String code) {
        intent.check();
        return form(account, intent, Status.OK, new Fields().with(CODE, code));
    }

    @POST
    @Path("code")
    public Response enter(
            @RestPath String account,
            @BeanParam Intent intent,
            @RestForm @Nullable String code,
            @RestForm @Nullable String form,
            @RestHeader(HttpHeaders.USER_AGENT) @Nullable String browser) {
        intent.check();
        return attempts.counted(form, () -> {
            return refusals.attempt(() -> accounts.find(account)
                            .flatMap(of -> cookies.code()
                                    .flatMap(kept -> sessions.tryCode(code == null ? "" : code, kept))
                                    .filter(person -> person.accountId().equals(of.id()))
                                    .flatMap(person -> entrances.enter(person, of, browser, intent))))
                    .orElseGet(() -> wrong(account, intent, new Fields().with(CODE, code)));
        });
    }

    private Response wrong(String account, Intent intent, Fields fields) {
        return form(
                account,
                intent,
                PageResponse.INVALID,
                fields.wrong(
                        CODE,
                        "This is not the code, or it was used, is over, was tried too often, or was asked for by another"
                                + " browser. Look again, or ask for another."));
    }

    private Response form(String account, Intent intent, StatusType status, Fields fields) {
        requireMails();
        return PageResponse.page(
                status,
                Templates.emailCode(account, intent, EmailCodes.LIFE.toMinutes(), fields.of(CODE), forms.proof(null)));
    }

    private void requireMails() {
        if (!codes.areOn()) {
            throw new NotFoundException();
        }
    }
}
