package dev.sluice.functions.directory.scim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.auth.Authentication;
import dev.sluice.functions.auth.TokenType;
import dev.sluice.functions.auth.TokenVerifier;
import dev.sluice.functions.directory.Directory;
import dev.sluice.functions.directory.DirectoryService;
import dev.sluice.functions.sql.Acting;
import dev.sluice.functions.sql.DatabaseFailure;
import dev.sluice.functions.sql.RequestException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Objects;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Lets in who shows a directory's token (RFC 7644, section 2), and answers in SCIM's own form, also where something is
 * refused (section 3.12).
 */
@ApplicationScoped
public class ScimDoor {
    private static final Logger LOG = Logger.getLogger(ScimDoor.class);

    private static final String BEARER = "Bearer ";
    private static final String RETRY_AFTER_SECONDS = "5";

    private final TokenVerifier tokens;
    private final DirectoryService directories;
    private final CurrentRequest request;

    @Inject
    public ScimDoor(TokenVerifier tokens, DirectoryService directories, CurrentRequest request) {
        this.tokens = tokens;
        this.directories = directories;
        this.request = request;
    }

    /**
     * Carries out a request on behalf of the directory whose token it shows.
     *
     * @param authorization the header; null if there is none
     */
    Response enter(@Nullable String authorization, Function<Directory, Response> work) {
        try {
            Directory directory = directory(authorization);
            var acting = new Acting(directory.accountId(), "directory " + directory.id(), request.id());
            return ScopedValue.where(Acting.CURRENT, acting).call(() -> work.apply(directory));
        } catch (ScimException e) {
            return refusal(e.status(), e.type(), e.getMessage());
        } catch (RequestException e) {
            return switch (e.kind()) {
                case NOT_FOUND -> refusal(404, "", e.getMessage());
                case INVALID -> refusal(403, "", e.getMessage());
                case CONFLICT -> refusal(409, "", e.getMessage());
                case OUTDATED -> refusal(412, "", e.getMessage());
            };
        } catch (DatabaseFailure e) {
            return refusal(e);
        }
    }

    /** For what nobody has to show a token: which features there are. */
    static Response found(JsonNode body) {
        return json(200, body).build();
    }

    static Response.ResponseBuilder json(int status, JsonNode body) {
        return Response.status(status).type(ScimJson.MEDIA_TYPE).entity(body.toString());
    }

    /** @param type the {@code scimType}; empty for none */
    static Response refusal(int status, String type, String detail) {
        ObjectNode body = ScimJson.object();
        body.putArray("schemas").add(ScimJson.ERROR);
        body.put("status", Integer.toString(status));
        if (!type.isEmpty()) {
            body.put("scimType", type);
        }
        body.put("detail", detail);
        var answer = json(status, body);
        if (status == 401) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        return answer.build();
    }

    private Response refusal(DatabaseFailure failure) {
        if (failure.isDuplicate()) {
            return refusal(409, "uniqueness", "There is one of the same name or id already.");
        }
        if (failure.isUnstorable()) {
            return refusal(400, "invalidValue", "A text has a character that cannot be kept: U+0000.");
        }
        if (failure.restriction().isPresent()) {
            return refusal(409, "", failure.restriction().get());
        }
        if (failure.isServerGone() || failure.isLocked()) {
            LOG.warnf("request %s: %s", request.id(), failure.getMessage());
            return Response.fromResponse(refusal(503, "", "The database cannot be reached just now. Try again."))
                    .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                    .build();
        }
        LOG.errorf(failure, "request %s failed", request.id());
        return refusal(500, "", "The request failed. The portal's log says why, at request " + request.id() + ".");
    }

    private Directory directory(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw ScimException.of(401, "The directory's token is missing in 'Authorization: Bearer'.");
        }
        String text = authorization.substring(BEARER.length()).strip();
        if (!(tokens.authenticate(TokenType.DIRECTORY, text) instanceof Authentication.Accepted accepted)) {
            throw ScimException.of(401, "The directory's token is not valid.");
        }
        var token = accepted.token();
        Directory directory = directories.find(token.accountId(), Objects.requireNonNull(token.directoryId()));
        if (directory.isDisabled()) {
            throw ScimException.of(403, "An admin has disabled this directory: nothing is heard of it.");
        }
        return directory;
    }
}
