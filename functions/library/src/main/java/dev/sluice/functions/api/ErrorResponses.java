package dev.sluice.functions.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.sluice.functions.sql.DatabaseFailure;
import dev.sluice.functions.sql.RequestException;
import io.quarkus.hibernate.validator.runtime.jaxrs.ResteasyReactiveViolationException;
import jakarta.inject.Inject;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers to requests that cannot be carried out. None quotes what it does not understand. */
class ErrorResponses {
    private static final Logger LOG = Logger.getLogger(ErrorResponses.class);
    private static final int UNPROCESSABLE = 422;

    /** What may be a field that somebody has misspelt, and is not a value that stands in its place by mistake. */
    private static final Pattern FIELD = Pattern.compile("[A-Za-z0-9_]{1,64}");

    private static final Pattern INDEX = Pattern.compile("[0-9]+");

    private static final int CLIENT_ERRORS = 400;
    private static final int SERVER_ERRORS = 500;

    private final CurrentRequest request;

    @Inject
    ErrorResponses(CurrentRequest request) {
        this.request = request;
    }

    @ServerExceptionMapper
    Response refused(RequestException refusal, HttpHeaders headers) {
        int status = switch (refusal.kind()) {
            case NOT_FOUND -> 404;
            case INVALID -> UNPROCESSABLE;
            case CONFLICT -> 409;
            case OUTDATED -> 412;
        };
        Map<String, List<String>> errors = refusal.argument()
                .map(argument -> Map.of(argument, List.of(refusal.getMessage())))
                .orElse(Map.of());
        return new Problem(status, refusal.getMessage(), errors).response(headers);
    }

    @ServerExceptionMapper
    Response invalid(ResteasyReactiveViolationException violations, HttpHeaders headers) {
        Map<String, List<String>> errors = new TreeMap<>(violations.getConstraintViolations().stream()
                .collect(Collectors.groupingBy(
                        violation -> field(violation).isEmpty() ? "body" : field(violation),
                        Collectors.mapping(ConstraintViolation::getMessage, Collectors.toList()))));
        return invalid(errors).response(headers);
    }

    @ServerExceptionMapper
    Response unreadable(MismatchedInputException mismatch, HttpHeaders headers) {
        String field = field(mismatch);
        if (field.isEmpty()) {
            return Problem.of(CLIENT_ERRORS, "The body is not the JSON object that belongs here.")
                    .response(headers);
        }
        String why = mismatch instanceof UnrecognizedPropertyException
                ? "is not known here"
                : "is not of the type that belongs here";
        return invalid(Map.of(field, List.of(why))).response(headers);
    }

    @ServerExceptionMapper
    Response unreadable(JsonProcessingException unreadable, HttpHeaders headers) {
        return Problem.of(CLIENT_ERRORS, "The body is not JSON, or too large or too deep.")
                .response(headers);
    }

    @ServerExceptionMapper
    Response failed(DatabaseFailure failure, HttpHeaders headers) {
        if (failure.isDuplicate()) {
            return Problem.of(409, "There is one of the same name already; nothing was changed.")
                    .response(headers);
        }
        if (failure.isUnstorable()) {
            return Problem.of(CLIENT_ERRORS, "A text has a character that cannot be kept: U+0000.")
                    .response(headers);
        }
        if (failure.restriction().isPresent()) {
            return Problem.of(409, failure.restriction().get()).response(headers);
        }
        if (failure.isServerGone() || failure.isLocked()) {
            LOG.warnf("request %s: %s", request.id(), failure.getMessage());
            return Problem.of(503, "The database cannot be reached just now. Try again.")
                    .respond(headers)
                    .header(HttpHeaders.RETRY_AFTER, "1")
                    .build();
        }
        return failed((RuntimeException) failure, headers);
    }

    @ServerExceptionMapper
    Response other(WebApplicationException other, HttpHeaders headers) {
        int status = other.getResponse().getStatus();
        String detail = switch (other) {
            case BadRequestException bad when bad.getCause() == null && bad.getMessage() != null -> bad.getMessage();
            case NotAuthorizedException refused -> "An API token is missing in 'Authorization: Bearer', or not valid.";
            default ->
                switch (status) {
                    case 400 -> "The body is not JSON, or too large or too deep.";
                    case 403 -> "Who makes this request may not do that.";
                    case 404 -> "There is nothing here.";
                    case 405 -> "This can not be done with it.";
                    case 406 -> "It is to be had as application/json only.";
                    case 415 -> "Send application/json.";
                    default -> "The request cannot be carried out.";
                };
        };
        var answer = Problem.of(status, detail).respond(headers);
        other.getResponse().getStringHeaders().forEach((name, values) -> {
            if (!name.toLowerCase(Locale.ROOT).startsWith("content-")) {
                values.forEach(value -> answer.header(name, value));
            }
        });
        return answer.build();
    }

    @ServerExceptionMapper
    Response failed(RuntimeException failure, HttpHeaders headers) {
        LOG.errorf(failure, "request %s failed", request.id());
        return Problem.of(
                        SERVER_ERRORS,
                        "The request failed. The portal's log says why, at request " + request.id() + ".")
                .response(headers);
    }

    private static Problem invalid(Map<String, List<String>> errors) {
        String detail = errors.entrySet().stream()
                .map(error -> "'" + error.getKey() + "' " + String.join(", ", error.getValue()))
                .collect(Collectors.joining("; ", "", "."));
        return new Problem(UNPROCESSABLE, detail, errors);
    }

    private static String field(JsonMappingException failure) {
        return field(failure.getPath().stream()
                .map(step -> step.getFieldName() == null ? Integer.toString(step.getIndex()) : step.getFieldName())
                .map(name -> FIELD.matcher(name).matches() ? name : "a name that is none")
                .toList());
    }

    /** A path begins with the method and its parameter. An item of a list has no name: its index stands with the list's. */
    private static String field(ConstraintViolation<?> violation) {
        List<String> steps = new ArrayList<>();
        for (Path.Node node : violation.getPropertyPath()) {
            if (node.getKind() != ElementKind.CONTAINER_ELEMENT) {
                steps.add(snakeCase(node.toString()));
            }
        }
        return field(steps.subList(Math.min(2, steps.size()), steps.size()));
    }

    /** Of what the body is about, in its own words; that has the body's one name, which is left out unless it is a list's. */
    private static String field(List<String> steps) {
        boolean named = steps.size() > 1 && !INDEX.matcher(steps.get(1)).matches();
        return String.join(".", named ? steps.subList(1, steps.size()) : steps);
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
