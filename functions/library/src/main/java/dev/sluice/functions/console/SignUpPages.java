package dev.sluice.functions.console;

import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.signup.SignUps;
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
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** How somebody makes an account, where that is on. No account is called so: a slug has no hyphen. */
@Path(Door.PAGES + "sign-up")
@Produces(PageResponse.HTML)
@Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
@RunOnVirtualThread
public class SignUpPages {
    private final SignUps signUps;
    private final Entrances entrances;
    private final Forms forms;
    private final CurrentRequest current;
    private final Attempts attempts;

    @Inject
    SignUpPages(SignUps signUps, Entrances entrances, Forms forms, CurrentRequest current, Attempts attempts) {
        this.attempts = attempts;
        this.signUps = signUps;
        this.entrances = entrances;
        this.forms = forms;
        this.current = current;
    }

    @GET
    public Response show() {
        requireOn();
        return form(
                Status.OK, new Fields().with("account", null).with("name", null).with("email", null));
    }

    @POST
    public Response ask(
            @RestForm @Nullable String form,
            @RestForm @Nullable String account,
            @RestForm @Nullable String name,
            @RestForm @Nullable String email) {
        requireOn();
        return attempts.counted(form, () -> {
            var fields =
                    new Fields().with("account", account).with("name", name).with("email", email);
            String called = fields.of("account").value();
            String person = fields.of("name").value();
            String address = fields.of("email").value();
            if (!AccountService.isName(called) || hasControls(called)) {
                fields.wrong("account", "An account's name has 3 to 64 characters.");
            }
            if (person.isEmpty() || person.length() > EmailPages.LONGEST || hasControls(person)) {
                fields.wrong("name", "Say how you are called.");
            }
            if (!address.matches("[^@\\s]+@[^@\\s]+") || address.length() > EmailPages.LONGEST) {
                fields.wrong("email", "Write an address as ada@acme.example.");
            }
            if (fields.isWrong()) {
                return form(PageResponse.INVALID, fields);
            }
            signUps.ask(called, person, address);
            return PageResponse.page(Templates.signUpAsked(address));
        });
    }

    /** Asks: what fetches a link before a person opens it makes nothing. */
    @GET
    @Path("confirm")
    public Response confirm(@RestQuery @Nullable String token) {
        requireOn();
        return signUps.look(token)
                .map(wanted ->
                        PageResponse.page(Templates.signUpConfirm(wanted, String.valueOf(token), forms.proof(null))))
                .orElseGet(this::used);
    }

    @POST
    @Path("confirm")
    public Response make(
            @RestForm @Nullable String form,
            @RestForm @Nullable String token,
            @RestHeader(HttpHeaders.USER_AGENT) @Nullable String browser) {
        requireOn();
        return attempts.sent(form, () -> {
            return signUps.look(token)
                    .map(signUps::make)
                    .flatMap(made -> entrances.enter(made.admin(), made.account(), browser, new Intent()))
                    .orElseGet(this::used);
        });
    }

    private static boolean hasControls(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    private Response used() {
        return PageResponse.page(
                Status.GONE,
                Templates.error(
                        "This link is not good any more",
                        "It makes an account once, within " + SignUps.LIFE.toMinutes()
                                + " minutes. If yours is made, sign in to it; else sign up again.",
                        current.id()));
    }

    private Response form(StatusType status, Fields fields) {
        return PageResponse.page(status, Templates.signUp(fields, forms.proof(null)));
    }

    private void requireOn() {
        if (!signUps.areOn()) {
            throw new NotFoundException();
        }
    }
}
