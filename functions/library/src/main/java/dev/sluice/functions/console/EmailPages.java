package dev.sluice.functions.console;

import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.auth.EmailCodes;
import dev.sluice.functions.auth.Sessions;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
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
    private static final int LONGEST = 254;

    private final EmailCodes codes;
    private final Sessions sessions;
    private final AccountService accounts;
    private final Cookies cookies;
    private final Forms forms;
    private final Entrances entrances;
    private final SignInRate rate;
    private final CurrentRequest current;
    private final PageFilter pages;

    @Inject
    EmailPages(
            EmailCodes codes,
            Sessions sessions,
            AccountService accounts,
            Cookies cookies,
            Forms forms,
            Entrances entrances,
            SignInRate rate,
            CurrentRequest current,
            PageFilter pages) {
        this.codes = codes;
        this.sessions = sessions;
        this.accounts = accounts;
        this.cookies = cookies;
        this.forms = forms;
        this.entrances = entrances;
        this.rate = rate;
        this.current = current;
        this.pages = pages;
    }

    @POST
    public Response ask(
            @RestPath String account,
            @RestForm @Nullable String email,
            @RestForm @Nullable String form,
            @RestHeader(HttpHeaders.USER_AGENT) @Nullable String browser) {
        if (!codes.areOn()) {
            throw new NotFoundException();
        }
        if (!forms.isOurs(form, null)) {
            return PageResponse.page(Status.FORBIDDEN, pages.foreign());
        }
        var wait = rate.take();
        if (wait.isPresent()) {
            return wait.get();
        }
        String address = email == null ? "" : email.strip();
        if (!address.contains("@") || address.length() > LONGEST) {
            return PageResponse.to("/" + SignInPages.path(account) + "/sign_in");
        }
        var kept = codes.send(accounts.find(account), address, new EmailCodes.Asker(browser, rate.address()));
        return Response.status(Status.SEE_OTHER)
                .header(HttpHeaders.LOCATION, "/" + SignInPages.path(account) + "/sign_in/email")
                .cookie(cookies.code(kept.value()))
                .build();
    }

    /** Shows what to type, with the code of the mail's link. */
    @GET
    public Response show(@RestPath String account, @RestQuery @Nullable String code) {
        return form(account, Status.OK, new Fields().with(CODE, code));
    }

    @POST
    @Path("code")
    public Response enter(
            @RestPath String account,
            @RestForm @Nullable String code,
            @RestForm @Nullable String form,
            @RestHeader(HttpHeaders.USER_AGENT) @Nullable String browser) {
        if (!forms.isOurs(form, null)) {
            return PageResponse.page(Status.FORBIDDEN, pages.foreign());
        }
        var wait = rate.take();
        if (wait.isPresent()) {
            return wait.get();
        }
        var fields = new Fields().with(CODE, code);
        var who = cookies.code()
                .flatMap(kept -> sessions.tryCode(code == null ? "" : code, kept))
                .filter(person -> accounts.find(account)
                        .filter(of -> of.id().equals(person.accountId()))
                        .isPresent());
        if (who.isEmpty()) {
            return wrong(account, fields);
        }
        if (!who.get().admin()) {
            return PageResponse.page(
                    Status.FORBIDDEN,
                    Templates.error(
                            "Only admins come in here",
                            "You are " + who.get().name() + ", and the console is for those who administer the account."
                                    + " What you may reach, your client on your device reaches.",
                            current.id()));
        }
        return entrances.enter(who.get(), account, browser).orElseGet(() -> wrong(account, fields));
    }

    private Response wrong(String account, Fields fields) {
        return form(
                account,
                PageResponse.INVALID,
                fields.wrong(
                        CODE,
                        "This is not the code, or it was used, is over, was tried too often, or was asked for by another"
                                + " browser. Look again, or ask for another."));
    }

    private Response form(String account, StatusType status, Fields fields) {
        if (!codes.areOn()) {
            throw new NotFoundException();
        }
        return PageResponse.page(status, Templates.emailCode(account, fields.of(CODE), forms.proof(null)));
    }
}
