package dev.sluice.functions.console;

import dev.sluice.functions.account.Account;
import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.auth.EmailCodes;
import dev.sluice.functions.auth.Sessions;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
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
    private final EmailCodes codes;
    private final Entrances entrances;
    private final Forms forms;
    private final CurrentRequest current;
    private final PageFilter pages;

    @Inject
    SignInPages(
            Sessions sessions,
            AccountService accounts,
            EmailCodes codes,
            Entrances entrances,
            Forms forms,
            CurrentRequest current,
            PageFilter pages) {
        this.sessions = sessions;
        this.accounts = accounts;
        this.codes = codes;
        this.entrances = entrances;
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
            @RestQuery @Nullable String account, @RestHeader(HttpHeaders.USER_AGENT) @Nullable String browser) {
        if (account != null && !account.isBlank()) {
            return PageResponse.to("/" + path(account.strip()));
        }
        return PageResponse.page(Templates.landing(entrances.signedIn(browser).stream()
                .flatMap(session -> accounts.find(session.accountId().toString()).stream()
                        .map(of -> new Entrance(of.slug(), of.name(), session.name())))
                .toList()));
    }

    @GET
    @Path("{account}/sign_in")
    public Response signIn(@RestPath String account, @RestQuery @Nullable String ended) {
        return PageResponse.page(Templates.signIn(account, ended != null, codes.areOn(), forms.proof(null)));
    }

    /** Asks: what fetches a link before a person opens it, as mail programs do, uses nothing up. */
    @GET
    @Path("{account}/sign_in/link")
    public Response ask(@RestPath String account, @RestQuery @Nullable String token) {
        return invitation(account, token)
                .map(invitation -> PageResponse.page(
                        Templates.link(account, invitation.name(), String.valueOf(token), forms.proof(null))))
                .orElseGet(this::used);
    }

    @POST
    @Path("{account}/sign_in/link")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response enter(
            @RestPath String account,
            @RestForm @Nullable String token,
            @RestForm @Nullable String form,
            @RestHeader(HttpHeaders.USER_AGENT) @Nullable String browser) {
        if (!forms.isOurs(form, null)) {
            return PageResponse.page(Status.FORBIDDEN, pages.foreign());
        }
        var invitation = invitation(account, token);
        if (invitation.isEmpty()) {
            return used();
        }
        return entrances.enter(invitation.get(), account, browser).orElseGet(this::used);
    }

    private Optional<Sessions.Invitation> invitation(String slug, @Nullable String token) {
        return token == null
                ? Optional.empty()
                : sessions.look(token)
                        .filter(invitation -> accounts.find(slug)
                                .map(Account::id)
                                .filter(invitation.accountId()::equals)
                                .isPresent());
    }

    private Response used() {
        return PageResponse.page(
                Status.GONE,
                Templates.error(
                        "This link is not good any more",
                        "It signs in once, within an hour. Ask for another: whoever runs this portal prints one with"
                                + " './sluice portal sign-in-link'.",
                        current.id()));
    }
}
