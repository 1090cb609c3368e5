package dev.sluice.functions.console;

import dev.sluice.functions.account.Account;
import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.auth.Sessions;
import dev.sluice.functions.identity.Identities;
import dev.sluice.functions.identity.OpenIdConnect;
import dev.sluice.functions.identity.OpenIdFailure;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** How people come in by way of a provider elsewhere. */
@Path(Door.PAGES + "{account}/sign_in/oidc/{provider}")
@Produces(PageResponse.HTML)
@RunOnVirtualThread
public class OidcPages {
    private static final Logger LOG = Logger.getLogger(OidcPages.class);

    private final OpenIdConnect openId;
    private final Identities identities;
    private final Sessions sessions;
    private final AccountService accounts;
    private final Entrances entrances;
    private final Journeys journeys;
    private final CurrentRequest current;
    private final Attempts attempts;

    @Inject
    OidcPages(
            OpenIdConnect openId,
            Identities identities,
            Sessions sessions,
            AccountService accounts,
            Entrances entrances,
            Journeys journeys,
            CurrentRequest current,
            Attempts attempts) {
        this.attempts = attempts;
        this.openId = openId;
        this.identities = identities;
        this.sessions = sessions;
        this.accounts = accounts;
        this.entrances = entrances;
        this.journeys = journeys;
        this.current = current;
    }

    /** Sends somebody there. Whoever has them sent here gains nothing by it: only this browser can come back. */
    @GET
    public Response depart(@RestPath String account, @RestPath UUID provider, @BeanParam Intent intent) {
        intent.check();
        return attempts.counted(() -> {
            var elsewhere = provider(account(account), provider);
            try {
                var departure = openId.depart(elsewhere.client());
                return Response.status(Status.SEE_OTHER)
                        .header(HttpHeaders.LOCATION, departure.address().toString())
                        .cookie(journeys.keep(provider, departure.journey(), intent))
                        .build();
            } catch (OpenIdFailure failure) {
                return failed(failure.getMessage());
            }
        });
    }

    /**
     * Takes somebody back.
     *
     * @param account its id, since the provider knows the address for good
     */
    @GET
    @Path("callback")
    public Response arrive(
            @RestPath String account,
            @RestPath UUID provider,
            @RestQuery @Nullable String state,
            @RestQuery @Nullable String code,
            @RestQuery @Nullable String error,
            @RestQuery @Nullable String iss,
            @RestHeader(HttpHeaders.USER_AGENT) @Nullable String browser) {
        var of = account(account);
        var elsewhere = provider(of, provider);
        var kept = state == null ? Optional.<Journeys.Kept>empty() : journeys.find(provider, state);
        if (kept.isEmpty()) {
            return failed("This browser has not set out from here, or it was too long ago, or it came back twice:"
                    + " sign in again.");
        }
        Response answer = error != null || code == null
                ? failed("The provider says: " + said(error) + ".")
                : arrive(of, elsewhere, kept.get(), code, iss, browser);
        return Response.fromResponse(answer)
                .cookie(journeys.forget(kept.get().journey()))
                .build();
    }

    /** Sends somebody to sign out there, who has signed out here. */
    @GET
    @Path("sign_out")
    public Response leave(@RestPath String account, @RestPath UUID provider) {
        return attempts.counted(() -> {
            var elsewhere = provider(account(account), provider);
            try {
                return openId.leave(elsewhere.client())
                        .map(address -> PageResponse.to(address.toString()))
                        .orElseGet(() -> failed("The provider has no page to sign out at: do it where you signed in."));
            } catch (OpenIdFailure failure) {
                return failed(failure.getMessage());
            }
        });
    }

    private Response arrive(
            Account account,
            Identities.Elsewhere provider,
            Journeys.Kept kept,
            String code,
            @Nullable String issuer,
            @Nullable String browser) {
        try {
            var claims = openId.arrive(provider.client(), kept.journey(), code, issuer);
            return identities
                    .find(provider, claims)
                    .flatMap(known -> sessions.known(known.accountId(), known.actorId(), known.providerId()))
                    .flatMap(person -> entrances.enter(person, account, browser, kept.intent()))
                    .orElseGet(() -> PageResponse.page(
                            Status.FORBIDDEN,
                            Templates.error(
                                    "Nobody here is known by that",
                                    "You have signed in there, and " + account.name()
                                            + " knows nobody by it: an admin adds"
                                            + " you with the e-mail address that you have there, which it must say is"
                                            + " verified.",
                                    current.id())));
        } catch (OpenIdFailure failure) {
            return failed(failure.getMessage());
        }
    }

    private Account account(String slug) {
        return accounts.find(slug).orElseThrow(NotFoundException::new);
    }

    private Identities.Elsewhere provider(Account account, UUID provider) {
        return identities.elsewhere(account.id(), provider).orElseThrow(NotFoundException::new);
    }

    /** RFC 6749, section 4.1.2.1: a word. Whoever writes something else there is no provider. */
    private static String said(@Nullable String error) {
        return error == null ? "nothing" : error.matches("[a-z_]{1,64}") ? error : "something that is no error";
    }

    private Response failed(@Nullable String why) {
        LOG.debugf("request %s: a provider was of no use: %s", current.id(), why);
        return PageResponse.page(
                Status.BAD_REQUEST, Templates.error("That did not work", String.valueOf(why), current.id()));
    }
}
