package dev.sluice.functions.console;

import dev.sluice.functions.account.Account;
import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.auth.Person;
import dev.sluice.functions.auth.Sessions;
import dev.sluice.functions.signup.SignUps;
import dev.sluice.functions.sql.Acting;
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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** How people come in. */
@Path(Door.PAGES)
@Produces(PageResponse.HTML)
@RunOnVirtualThread
public class SignInPages {
    /** An account to which a browser is signed in. */
    public record Entrance(String slug, String account, String person) {}

    private final Sessions sessions;
    private final AccountService accounts;
    private final Entrances entrances;
    private final ClientHandOff handOff;
    private final SignInForm form;
    private final SignUps signUps;
    private final Forms forms;
    private final CurrentRequest current;
    private final PageFilter pages;
    private final Attempts attempts;

    @Inject
    SignInPages(
            Sessions sessions,
            AccountService accounts,
            Entrances entrances,
            ClientHandOff handOff,
            SignInForm form,
            SignUps signUps,
            Forms forms,
            CurrentRequest current,
            PageFilter pages,
            Attempts attempts) {
        this.attempts = attempts;
        this.sessions = sessions;
        this.accounts = accounts;
        this.entrances = entrances;
        this.handOff = handOff;
        this.form = form;
        this.signUps = signUps;
        this.forms = forms;
        this.current = current;
        this.pages = pages;
    }

    /** What stands in a path of ours for this account. */
    static String path(String slug) {
        return URLEncoder.encode(slug, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @GET
    public Response landing(
            @RestQuery @Nullable String account,
            @BeanParam Intent intent,
            @RestHeader(HttpHeaders.USER_AGENT) @Nullable String browser) {
        intent.check();
        if (account != null && !account.isBlank()) {
            return PageResponse.to(
                    "/" + path(account.strip()) + (intent.isForDevice() ? "/device" : "") + intent.query());
        }
        return PageResponse.page(Templates.landing(
                entrances.signedIn(browser).stream()
                        .filter(session -> session.admin() || intent.isForDevice())
                        .flatMap(session -> accounts.find(session.accountId().toString()).stream()
                                .map(of -> new Entrance(of.slug(), of.name(), session.name())))
                        .toList(),
                intent,
                signUps.areOn()));
    }

    @GET
    @Path("{account}/sign_in")
    public Response signIn(
            @RestPath String account,
            @BeanParam Intent intent,
            @RestQuery @Nullable String ended,
            @RestQuery @Nullable String from,
            @RestHeader(HttpHeaders.USER_AGENT) @Nullable String browser) {
        intent.check();
        return form.show(account, intent, ended != null, from, browser);
    }

    /** Signs a client in as who is signed in with the browser. */
    @POST
    @Path("{account}/sign_in/client")
    @Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
    public Response enterClient(
            @RestPath String account,
            @BeanParam Intent intent,
            @RestForm("form") @Nullable String proof,
            @RestHeader(HttpHeaders.USER_AGENT) @Nullable String browser) {
        var session = form.session(account, browser);
        if (session.isEmpty()
                || !intent.isForClient()
                || !forms.isOurs(proof, session.get().tokenId())) {
            return PageResponse.page(Status.FORBIDDEN, pages.foreign());
        }
        var of = accounts.find(account).orElseThrow(NotFoundException::new);
        String state = intent.state();
        current.by(session.get().principal());
        return ScopedValue.where(Acting.CURRENT, current.acting()).call(() -> {
            var issued = sessions.enterClient(session.get(), browser, intent.nonce());
            return handOff.begin(of, session.get().name(), null, issued.text(), state);
        });
    }

    /** Leads to the client, which the browser was signed in for just now. */
    @GET
    @Path("{account}/sign_in/client_redirect")
    public Response toClient() {
        return handOff.go()
                .orElseGet(() -> PageResponse.page(
                        Status.GONE,
                        Templates.error(
                                "The client was not found",
                                "Two minutes have passed since you signed in, or this browser keeps no cookies: sign in"
                                        + " from the client again.",
                                current.id())));
    }

    /** Asks: what fetches a link before a person opens it, as mail programs do, uses nothing up. */
    @GET
    @Path("{account}/sign_in/link")
    public Response ask(@RestPath String account, @RestQuery @Nullable String token) {
        return accounts.find(account)
                .flatMap(of -> invited(of, token))
                .map(person -> PageResponse.page(
                        Templates.link(account, person.name(), String.valueOf(token), forms.proof(null))))
                .orElseGet(this::used);
    }

    @POST
    @Path("{account}/sign_in/link")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response enter(
            @RestPath String account,
            @RestForm @Nullable String token,
            @RestForm("form") @Nullable String proof,
            @RestHeader(HttpHeaders.USER_AGENT) @Nullable String browser) {
        return attempts.sent(proof, () -> {
            return accounts.find(account)
                    .flatMap(of ->
                            invited(of, token).flatMap(person -> entrances.enter(person, of, browser, new Intent())))
                    .orElseGet(this::used);
        });
    }

    private Optional<Person> invited(Account account, @Nullable String token) {
        return token == null
                ? Optional.empty()
                : sessions.look(token).filter(person -> person.accountId().equals(account.id()));
    }

    private Response used() {
        return PageResponse.page(
                Status.GONE,
                Templates.error(
                        "This link is not good any more",
                        "It signs in once, within " + Sessions.LINK_LIFE.toMinutes()
                                + " minutes. Ask for another: whoever runs this portal prints one with"
                                + " './sluice portal sign-in-link'.",
                        current.id()));
    }
}
