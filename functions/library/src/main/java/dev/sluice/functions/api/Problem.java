package dev.sluice.functions.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a request. Who accepts {@code application/problem+json} gets the problem details of RFC 9457, everybody
 * else the envelope of portal-protocol.md section 13, with what to do in {@code message} beside it.
 *
 * @param detail what is wrong, and what to do
 * @param errors by field, what is wrong with its value
 */
public record Problem(int status, String detail, Map<String, List<String>> errors) {
    static final String MEDIA_TYPE = "application/problem+json";

    /** The error as the envelope has it. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Refusal(
            String reason,
            String message,
            @JsonProperty("validation_errors") Map<String, List<String>> validationErrors) {}

    public record Envelope(Refusal error) {}

    /** RFC 9457, section 3.1. The type says no more than the status: {@code about:blank}. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Details(String type, String title, int status, String detail, Map<String, List<String>> errors) {}

    static Problem of(int status, String detail) {
        return new Problem(status, detail, Map.of());
    }

    Response response(HttpHeaders headers) {
        return respond(headers).build();
    }

    Response.ResponseBuilder respond(HttpHeaders headers) {
        return accepts(headers)
                ? Response.status(status)
                        .type(MEDIA_TYPE)
                        .entity(new Details("about:blank", title(), status, detail, errors))
                : Response.status(status)
                        .type(MediaType.APPLICATION_JSON_TYPE)
                        .entity(new Envelope(new Refusal(title(), detail, errors)));
    }

    private String title() {
        Response.@Nullable Status known = Response.Status.fromStatusCode(status);
        return status == 422
                ? "Unprocessable Entity"
                : Objects.requireNonNullElse(known, Response.Status.BAD_REQUEST).getReasonPhrase();
    }

    private static boolean accepts(HttpHeaders headers) {
        return headers.getAcceptableMediaTypes().stream()
                .anyMatch(type -> (type.getType() + "/" + type.getSubtype()).equalsIgnoreCase(MEDIA_TYPE));
    }
}
