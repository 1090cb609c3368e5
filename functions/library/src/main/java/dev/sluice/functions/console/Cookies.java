package dev.sluice.functions.console;

import dev.sluice.functions.auth.EmailCodes;
import dev.sluice.functions.auth.Sessions;
import dev.sluice.functions.settings.WebAddress;
import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.NewCookie;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a browser keeps: for each account by which token somebody is signed in, and what its forms are bound to. No script
 * reads them. Where browsers come by TLS, only this very host can have set them (RFC 6265bis, section 4.1.3.2).
 */
@RequestScoped
class Cookies {
    private static final String HOST_ONLY = "__Host-";
    private static final String SESSION = "sluice_session_";
    private static final String FORM = "sluice_form";
    private static final String CODE = "sluice_code";
    private static final String CLIENT = "sluice_client";
    private static final String JOURNEY = "sluice_oidc_";
    private static final Duration JOURNEY_LIFE = Duration.ofMinutes(10);

    /** Enough of a state to tell one from the others. */
    private static final int STATE_PREFIX = 16;

    private static final Duration HAND_OFF = Duration.ofMinutes(2);

    private final RoutingContext routing;
    private final boolean secure;

    @Inject
    Cookies(RoutingContext routing, WebAddress web) {
        this.routing = routing;
        this.secure = routing.request().isSSL() || web.isSecure();
    }

    /** Whether nobody between can read them. */
    boolean areSecure() {
        return secure;
    }

    /** The text of the token by which somebody is signed in to this account. */
    Optional<String> session(UUID accountId) {
        return value(name(SESSION + accountId));
    }

    /** The same, of all accounts. */
    List<String> sessions() {
        return routing.request().cookies().stream()
                .filter(cookie -> cookie.getName().startsWith(name(SESSION)))
                .map(Cookie::getValue)
                .toList();
    }

    NewCookie signedIn(UUID accountId, String token) {
        return cookie(name(SESSION + accountId), token, (int) Sessions.LIFE.toSeconds());
    }

    NewCookie signedOut(UUID accountId) {
        return cookie(name(SESSION + accountId), "", 0);
    }

    /** What this browser keeps that asked for a code. */
    Optional<String> code() {
        return value(name(CODE));
    }

    NewCookie code(String value) {
        return cookie(name(CODE), value, (int) EmailCodes.LIFE.toSeconds());
    }

    NewCookie withoutCode() {
        return cookie(name(CODE), "", 0);
    }

    /** Where the client is to be found for which this browser was signed in just now. */
    Optional<String> client() {
        return value(name(CLIENT));
    }

    NewCookie client(String value) {
        return cookie(name(CLIENT), value, (int) HAND_OFF.toSeconds(), NewCookie.SameSite.STRICT);
    }

    NewCookie withoutClient() {
        return cookie(name(CLIENT), "", 0, NewCookie.SameSite.STRICT);
    }

    /** What is kept of who signs in elsewhere, with this state. */
    Optional<String> journey(String state) {
        return value(name(journeyName(state)));
    }

    NewCookie journey(String state, String value) {
        return cookie(name(journeyName(state)), value, (int) JOURNEY_LIFE.toSeconds());
    }

    NewCookie withoutJourney(String state) {
        return cookie(name(journeyName(state)), "", 0);
    }

    private static String journeyName(String state) {
        return JOURNEY + state.substring(0, Math.min(STATE_PREFIX, state.length()));
    }

    /** What this browser's forms are bound to. */
    Optional<String> form() {
        return value(name(FORM));
    }

    /** As long as the browser is open. Comes along by a link from elsewhere too: another would part it from open forms. */
    NewCookie form(String value) {
        return cookie(name(FORM), value, NewCookie.DEFAULT_MAX_AGE);
    }

    private Optional<String> value(String name) {
        return Optional.ofNullable(routing.request().getCookie(name)).map(Cookie::getValue);
    }

    private String name(String name) {
        return secure ? HOST_ONLY + name : name;
    }

    /** Comes along where a link of elsewhere leads here, and with no form from there. */
    private NewCookie cookie(String name, String value, int seconds) {
        return cookie(name, value, seconds, NewCookie.SameSite.LAX);
    }

    private NewCookie cookie(String name, String value, int seconds, NewCookie.SameSite sameSite) {
        return new NewCookie.Builder(name)
                .value(value)
                .path("/")
                .maxAge(seconds)
                .httpOnly(true)
                .secure(secure)
                .sameSite(sameSite)
                .build();
    }
}
