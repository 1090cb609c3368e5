package dev.sluice.functions.auth;

import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.Permission;
import dev.sluice.functions.api.Principal;
import dev.sluice.functions.api.RateLimit;
import dev.sluice.functions.sql.RequestException;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.util.Objects;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a REST request, and whether they may: by the admin's door the operator, whose secret was asked for there; by the
 * API's whoever has a token. Before a body is read.
 */
@Provider
@Priority(Priorities.AUTHENTICATION)
public class Authenticator implements ContainerRequestFilter, ContainerResponseFilter {
    private static final Logger LOG = Logger.getLogger(Authenticator.class);

    /** On every answer; the log and the audit name the request so. */
    private static final String REQUEST_ID = "X-Request-Id";

    private static final String BEARER = "Bearer ";
    private static final Set<String> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final int TOO_MANY = 429;

    private final CurrentRequest current;
    private final RoutingContext routing;
    private final TokenVerifier tokens;
    private final AccountService accounts;
    private final RateLimit rates;

    @Inject
    public Authenticator(
            CurrentRequest current,
            RoutingContext routing,
            TokenVerifier tokens,
            AccountService accounts,
            RateLimit rates) {
        this.current = current;
        this.routing = routing;
        this.tokens = tokens;
        this.accounts = accounts;
        this.rates = rates;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        // Pages ask for a session themselves, and the others for a signature, a code or a token of their own.
        String path = request.getUriInfo().getPath();
        if (Door.of(routing) == Door.WEB
                || Door.of(routing) == Door.API
                        && (path.startsWith(Door.INTEGRATIONS) || path.startsWith(Door.OAUTH))) {
            return;
        }
        Principal principal = switch (Door.of(routing)) {
            case ADMIN -> operator(request.getHeaderString(Principal.ACCOUNT_HEADER));
            case API -> apiClient(request.getHeaderString(HttpHeaders.AUTHORIZATION));
            case WEB, HOST -> throw new NotFoundException();
        };
        current.by(principal);
        if (!principal.role().may(needed(request))) {
            throw new ForbiddenException();
        }
    }

    private static Permission needed(ContainerRequestContext request) {
        if (request.getUriInfo().getPath().startsWith(Door.OPERATOR)) {
            return Permission.OPERATE;
        }
        return READING.contains(request.getMethod()) ? Permission.READ : Permission.WRITE;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        response.getHeaders().putSingle(REQUEST_ID, current.id());
        response.getHeaders().putSingle(HttpHeaders.CACHE_CONTROL, "no-store");
        LOG.logf(
                READING.contains(request.getMethod()) ? Logger.Level.DEBUG : Logger.Level.INFO,
                "%s %s: %d (request %s)",
                request.getMethod(),
                request.getUriInfo().getPath(),
                response.getStatus(),
                current.id());
    }

    private Principal operator(@Nullable String account) {
        return Principal.operator(
                account == null
                        ? null
                        : accounts.find(account)
                                .orElseThrow(() -> RequestException.argument(
                                        Principal.ACCOUNT_HEADER, "There is no account '" + account + "'."))
                                .id());
    }

    private Principal apiClient(@Nullable String authorization) {
        if (authorization == null || !authorization.startsWith(BEARER)) {
            throw new NotAuthorizedException("Bearer");
        }
        String text = authorization.substring(BEARER.length()).strip();
        if (!(tokens.authenticate(TokenType.API_CLIENT, text) instanceof Authentication.Accepted accepted)) {
            throw new NotAuthorizedException("Bearer");
        }
        Token token = accepted.token();
        var wait = rates.take(token.accountId());
        if (!wait.isZero()) {
            throw new WebApplicationException(Response.status(TOO_MANY)
                    .header(HttpHeaders.RETRY_AFTER, wait.toSeconds())
                    .build());
        }
        return Principal.admin(token.accountId(), Objects.requireNonNull(token.actorId()), token.id());
    }
}
