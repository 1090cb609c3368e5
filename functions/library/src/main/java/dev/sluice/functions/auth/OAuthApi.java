package dev.sluice.functions.auth;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.Principal;
import dev.sluice.functions.settings.WebAddress;
import dev.sluice.functions.sql.Acting;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestForm;
import org.jspecify.annotations.Nullable;

/**
 * How a client without a browser is signed in and out: device authorization (RFC 8628) and revocation (RFC 7009), with the
 * errors of RFC 6749, section 5.2. There are no secrets of clients: whose client it is, says who grants it.
 */
@Path(Door.OAUTH)
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class OAuthApi {
    private static final String DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";
    private static final int LONGEST_NAME = 255;
    private static final int TOO_MANY = 429;

    /** RFC 8628, section 3.2. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Begun(
            String deviceCode,
            String userCode,
            String verificationUri,
            String verificationUriComplete,
            long expiresIn,
            long interval) {}

    /** RFC 6749, section 5.1, and whose it is. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Granted(
            String accessToken,
            String tokenType,
            long expiresIn,
            String actorName,
            String accountSlug,
            String accountName) {}

    /** RFC 6749, section 5.2. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Refused(String error, String errorDescription) {}

    private final DeviceAuthorizations authorizations;
    private final TokenVerifier verifier;
    private final PersonTokens tokens;
    private final WebAddress web;
    private final SignInRate rate;
    private final CurrentRequest current;

    @Inject
    OAuthApi(
            DeviceAuthorizations authorizations,
            TokenVerifier verifier,
            PersonTokens tokens,
            WebAddress web,
            SignInRate rate,
            CurrentRequest current) {
        this.authorizations = authorizations;
        this.verifier = verifier;
        this.tokens = tokens;
        this.web = web;
        this.rate = rate;
        this.current = current;
    }

    /**
     * @param deviceName as whoever grants it is shown it
     * @param account its slug, if the device knows: the page is that account's
     */
    @POST
    @Path("device_authorization")
    @Operation(hidden = true)
    public Response begin(@RestForm("device_name") @Nullable String deviceName, @RestForm @Nullable String account) {
        Duration wait = rate.take();
        if (!wait.isZero()) {
            return Response.fromResponse(refused(TOO_MANY, "slow_down", "Too many devices ask at this address."))
                    .header(HttpHeaders.RETRY_AFTER, wait.toSeconds())
                    .build();
        }
        String name = deviceName == null ? "" : deviceName.strip();
        if (name.isEmpty() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            return invalid("device_name has 1 to " + LONGEST_NAME + " characters, and no control characters.");
        }
        if (account != null && !account.matches("[A-Za-z0-9_-]{1,100}")) {
            return invalid("account is the slug of one.");
        }
        var begun = authorizations.begin(new DeviceAuthorizations.Device(name, rate.address()));
        String page = account == null ? "/?as=device" : "/" + account + "/device";
        return answer(
                Status.OK.getStatusCode(),
                new Begun(
                        begun.deviceCode(),
                        begun.userCode(),
                        web.of(page),
                        web.of(page + (account == null ? "&" : "?") + "user_code=" + begun.userCode()),
                        DeviceAuthorizations.LIFE.toSeconds(),
                        DeviceAuthorizations.INTERVAL.toSeconds()));
    }

    @POST
    @Path("token")
    @Operation(hidden = true)
    public Response token(
            @RestForm("grant_type") @Nullable String grantType, @RestForm("device_code") @Nullable String deviceCode) {
        if (grantType == null || deviceCode == null) {
            return invalid("grant_type and device_code are needed.");
        }
        if (!grantType.equals(DEVICE_CODE)) {
            return refused("unsupported_grant_type", "It is " + DEVICE_CODE + " here.");
        }
        return switch (authorizations.ask(deviceCode)) {
            case DeviceAuthorizations.Answer.Granted granted ->
                answer(
                        Status.OK.getStatusCode(),
                        new Granted(
                                granted.token().text().value(),
                                "Bearer",
                                Duration.between(
                                                Instant.now(),
                                                Objects.requireNonNull(
                                                        granted.token().token().expiresAt()))
                                        .toSeconds(),
                                granted.actor(),
                                granted.slug(),
                                granted.account()));
            case DeviceAuthorizations.Answer.Pending pending ->
                refused("authorization_pending", "Nobody has granted it yet.");
            case DeviceAuthorizations.Answer.SlowDown slowDown ->
                refused("slow_down", "Wait " + DeviceAuthorizations.INTERVAL.toSeconds() + " seconds more.");
            case DeviceAuthorizations.Answer.Denied denied -> refused("access_denied", "Somebody has denied it.");
            case DeviceAuthorizations.Answer.Expired expired ->
                refused("expired_token", "It is over, or was used already: begin again.");
        };
    }

    /** Ends a client's token, with all access by it. Of one that is none, the same is said (RFC 7009, section 2.2). */
    @POST
    @Path("revoke")
    @Operation(hidden = true)
    public Response revoke(@RestForm @Nullable String token) {
        if (token == null) {
            return invalid("token is needed.");
        }
        if (verifier.authenticate(TokenType.CLIENT, token) instanceof Authentication.Accepted accepted) {
            Token ended = accepted.token();
            current.by(Principal.person(ended.accountId(), Objects.requireNonNull(ended.actorId()), ended.id()));
            ScopedValue.where(Acting.CURRENT, current.acting()).run(() -> tokens.end(ended.accountId(), ended.id()));
        }
        return answer(Status.OK.getStatusCode(), Map.of());
    }

    private static Response invalid(String why) {
        return refused("invalid_request", why);
    }

    private static Response refused(String error, String why) {
        return refused(Status.BAD_REQUEST.getStatusCode(), error, why);
    }

    private static Response refused(int status, String error, String why) {
        return answer(status, new Refused(error, why));
    }

    private static Response answer(int status, Object body) {
        return Response.status(status).entity(body).build();
    }
}
