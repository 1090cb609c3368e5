package dev.sluice.functions.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.LogoutRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import dev.sluice.functions.outgoing.Outgoing;
import dev.sluice.functions.outgoing.OutgoingException;
import dev.sluice.functions.settings.WebAddress;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sends people to providers that speak OpenID Connect (Core 1.0, section 3.1) and takes them back: by a code, with PKCE
 * (RFC 7636), a state and a nonce. What the provider says is asked for anew each time, its keys too: people sign in seldom, and
 * keys that were withdrawn are not to be good.
 */
@ApplicationScoped
public class OpenIdConnect {
    /** Signatures that count (RFC 7518): none that we could make too. */
    private static final Set<JWSAlgorithm> SIGNED = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512,
            JWSAlgorithm.EdDSA);

    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final int LONGEST = 512 * 1024;
    private static final int CLOCK_SKEW_SECONDS = 60;

    /**
     * As whom people are sent where.
     *
     * @param clientSecret null for a public client
     */
    public record Client(
            String issuer, String clientId, @Nullable String clientSecret, String redirectUri) {}

    /** What is kept of somebody while they are away. */
    public record Journey(String state, String nonce, String verifier) {
        /** A new one, with nothing that can be guessed. */
        static Journey begin() {
            return new Journey(new State().getValue(), new Nonce().getValue(), new CodeVerifier().getValue());
        }
    }

    /** @param address where they are to sign in */
    public record Departure(Journey journey, URI address) {}

    /**
     * What a provider says of somebody.
     *
     * @param email null if it says none
     * @param emailVerified null if it says nothing of that
     */
    public record Claims(
            String subject,
            @Nullable String email,
            @Nullable Boolean emailVerified) {}

    private final Outgoing outgoing;

    @Inject
    OpenIdConnect(Outgoing outgoing) {
        this.outgoing = outgoing;
    }

    /** Where a provider sends people back to: of each another, so that none can speak for another (RFC 9700, section 4.4). */
    static String redirectUri(WebAddress web, UUID accountId, UUID providerId) {
        return web.of("/" + accountId + "/sign_in/oidc/" + providerId + "/callback");
    }

    /** @throws OpenIdFailure when the provider does not say where */
    public Departure depart(Client client) {
        OIDCProviderMetadata provider = metadata(client.issuer());
        Journey journey = Journey.begin();
        URI address = new AuthenticationRequest.Builder(
                        ResponseType.CODE,
                        new Scope("openid", "email", "profile"),
                        new ClientID(client.clientId()),
                        URI.create(client.redirectUri()))
                .endpointURI(provider.getAuthorizationEndpointURI())
                .state(new State(journey.state()))
                .nonce(new Nonce(journey.nonce()))
                .codeChallenge(new CodeVerifier(journey.verifier()), CodeChallengeMethod.S256)
                .build()
                .toURI();
        return new Departure(journey, address);
    }

    /**
     * Who has come back.
     *
     * @param issuer who the answer says that it is of (RFC 9207); null if it does not
     * @throws OpenIdFailure when the provider does not say, or not so that it can be believed
     */
    public Claims arrive(Client client, Journey journey, String code, @Nullable String issuer) {
        if (issuer != null && !issuer.equals(client.issuer())) {
            throw new OpenIdFailure("The answer is of another provider.");
        }
        OIDCProviderMetadata provider = metadata(client.issuer());
        try {
            var grant = new AuthorizationCodeGrant(
                    new AuthorizationCode(code),
                    URI.create(client.redirectUri()),
                    new CodeVerifier(journey.verifier()));
            HTTPResponse answer = send(request(client, provider, grant).toHTTPRequest());
            var tokens = OIDCTokenResponseParser.parse(answer);
            if (!tokens.indicatesSuccess()) {
                throw new OpenIdFailure("The provider does not take the code: "
                        + tokens.toErrorResponse().getErrorObject().getCode() + ".");
            }
            var idToken = ((OIDCTokenResponse) tokens.toSuccessResponse())
                    .getOIDCTokens()
                    .getIDToken();
            if (idToken == null) {
                throw new OpenIdFailure("The provider has sent no ID token.");
            }
            JWKSet keys = JWKSet.parse(text(provider.getJWKSetURI()));
            var validator = new IDTokenValidator(
                    new Issuer(client.issuer()),
                    new ClientID(client.clientId()),
                    new JWSVerificationKeySelector<SecurityContext>(SIGNED, new ImmutableJWKSet<>(keys)),
                    null);
            validator.setMaxClockSkew(CLOCK_SKEW_SECONDS);
            return claims(validator.validate(idToken, new Nonce(journey.nonce())));
        } catch (BadJOSEException | JOSEException | ParseException | java.text.ParseException e) {
            throw new OpenIdFailure("What the provider says cannot be believed: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new OpenIdFailure("What the provider says cannot be read.", e);
        }
    }

    /**
     * Where somebody signs out there, too (OpenID Connect RP-Initiated Logout 1.0); nothing, if the provider has no such place.
     * Nobody is sent back: to where, the provider would have to be told before.
     *
     * @throws OpenIdFailure when the provider does not say
     */
    public Optional<URI> leave(Client client) {
        return Optional.ofNullable(metadata(client.issuer()).getEndSessionEndpointURI())
                .map(address -> new LogoutRequest(
                                address, null, null, new ClientID(client.clientId()), null, null, null)
                        .toURI());
    }

    private static Claims claims(IDTokenClaimsSet claims) {
        String email = claims.getStringClaim("email");
        return new Claims(
                claims.getSubject().getValue(),
                email == null ? claims.getStringClaim("preferred_username") : email,
                email == null ? null : claims.getBooleanClaim("email_verified"));
    }

    private static TokenRequest request(Client client, OIDCProviderMetadata provider, AuthorizationCodeGrant grant) {
        var id = new ClientID(client.clientId());
        return client.clientSecret() == null
                ? new TokenRequest.Builder(provider.getTokenEndpointURI(), id, grant).build()
                : new TokenRequest.Builder(
                                provider.getTokenEndpointURI(),
                                authentication(provider, id, new Secret(client.clientSecret())),
                                grant)
                        .build();
    }

    private static ClientAuthentication authentication(OIDCProviderMetadata provider, ClientID id, Secret secret) {
        List<ClientAuthenticationMethod> methods = provider.getTokenEndpointAuthMethods();
        return methods != null
                        && !methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                        && methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST)
                ? new ClientSecretPost(id, secret)
                : new ClientSecretBasic(id, secret);
    }

    /** OpenID Connect Discovery 1.0, section 4. */
    private OIDCProviderMetadata metadata(String issuer) {
        try {
            String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
            var found = OIDCProviderMetadata.parse(text(URI.create(base + "/.well-known/openid-configuration")));
            if (!found.getIssuer().getValue().equals(issuer)) {
                throw new OpenIdFailure("The provider says that it is " + found.getIssuer() + ", and not " + issuer
                        + ": write its issuer as it does.");
            }
            if (found.getAuthorizationEndpointURI() == null
                    || found.getTokenEndpointURI() == null
                    || found.getJWKSetURI() == null) {
                throw new OpenIdFailure("The provider does not say where people sign in.");
            }
            return found;
        } catch (ParseException | IllegalArgumentException e) {
            throw new OpenIdFailure("There is no provider at " + issuer + ": " + e.getMessage(), e);
        }
    }

    private String text(URI address) {
        var answer = ask(Outgoing.Request.get(address, Map.of("accept", "application/json"), WITHIN, LONGEST));
        if (answer.status() != HTTPResponse.SC_OK) {
            throw new OpenIdFailure(address.getHost() + " answers " + answer.status() + ".");
        }
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private HTTPResponse send(HTTPRequest request) throws ParseException {
        Map<String, String> headers = new HashMap<>();
        request.getHeaderMap().forEach((name, values) -> headers.put(name, String.join(", ", values)));
        String body = request.getBody();
        var answer = ask(new Outgoing.Request(
                request.getMethod().name(),
                request.getURI(),
                headers,
                body == null ? null : body.getBytes(StandardCharsets.UTF_8),
                WITHIN,
                LONGEST));
        var response = new HTTPResponse(answer.status());
        answer.headers().forEach(response::setHeader);
        response.setBody(new String(answer.body(), StandardCharsets.UTF_8));
        return response;
    }

    private Outgoing.Answer ask(Outgoing.Request request) {
        try {
            return outgoing.send(request);
        } catch (OutgoingException e) {
            throw new OpenIdFailure("The provider cannot be asked: " + e.getMessage(), e);
        }
    }
}
