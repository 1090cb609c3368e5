package dev.sluice.functions.console;

import dev.sluice.functions.entity.Page;
import dev.sluice.functions.sql.RequestException;
import jakarta.validation.ConstraintViolation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What somebody typed into the fields of a form, and what is wrong with it. */
public final class Fields {
    private final Map<String, String> values = new HashMap<>();
    private final Map<String, String> errors = new HashMap<>();
    private @Nullable String error;

    /** With this in a field. */
    Fields with(String name, @Nullable String value) {
        values.put(name, value == null ? "" : value.strip());
        return this;
    }

    /** With these chosen of several. */
    Fields withAll(String name, Collection<String> chosen) {
        return with(name, String.join(" ", chosen));
    }

    /** What was chosen of several, or stands in a field with spaces or commas between. */
    List<String> words(String name) {
        return Arrays.stream(values.getOrDefault(name, "").split("[,\\s]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** A list's address with what it is narrowed by, which these fields have. */
    String narrow(String address) {
        String query = values.entrySet().stream()
                .filter(field -> !field.getValue().isEmpty())
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .sorted()
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? address : address + "?" + query;
    }

    /** Whether nothing stands in any of them. */
    public boolean isEmpty() {
        return values.values().stream().allMatch(String::isEmpty);
    }

    /** What was typed; null if nothing was. */
    @Nullable String text(String name) {
        String value = values.getOrDefault(name, "");
        return value.isEmpty() ? null : value;
    }

    /**
     * The one thing that is called as it stands in a field: people know names. Null if nothing stands there.
     *
     * @param what it is, in words
     * @param called those of a name, two of them at most
     * @throws RequestException when there is none, or more than one
     */
    <T> @Nullable UUID one(String field, String what, Function<String, Page<T>> called, Function<T, UUID> id) {
        String name = text(field);
        if (name == null) {
            return null;
        }
        var found = called.apply(name).rows();
        if (found.size() != 1) {
            throw RequestException.argument(
                    field,
                    found.isEmpty()
                            ? "There is no " + what + " '" + name + "'."
                            : "More than one " + what + " is called '" + name
                                    + "': give one of them another name first.");
        }
        return id.apply(found.getFirst());
    }

    /** What is in a field, for the page. */
    public Input of(String name) {
        return new Input(values.getOrDefault(name, ""), errors.get(name));
    }

    /** What is wrong with no field alone; null if nothing is. */
    public @Nullable String error() {
        return error;
    }

    /** Whether something is wrong with one of them. */
    boolean isWrong() {
        return !errors.isEmpty();
    }

    /** With this said above all of them. */
    Fields wrong(String what) {
        error = what;
        return this;
    }

    /** With this said beside a field. */
    Fields wrong(String name, String what) {
        errors.put(name, what);
        return this;
    }

    /**
     * Whether a thing is still as it was shown: of two who change it at once, the second is shown what the first has done.
     *
     * @param version that it has
     * @param shown the version that stood in the form
     * @param now what the thing is, in words
     */
    boolean areOf(long version, @Nullable String shown, String now) {
        boolean same = String.valueOf(version).equals(shown);
        if (!same) {
            error = "Somebody has changed it since this page was opened. It is now: " + now
                    + ". What you typed is still here; send it again to have it so.";
        }
        return same;
    }

    /** What a service said: beside its field, if the form has that, and above all of them if not. */
    Fields refused(RequestException refusal) {
        String field = refusal.argument().orElse("");
        if (values.containsKey(field)) {
            errors.put(field, refusal.getMessage());
        } else {
            error = refusal.getMessage();
        }
        return this;
    }

    /** What the rules of a wanted thing say; whether all hold. */
    boolean hold(Set<? extends ConstraintViolation<?>> violations) {
        for (var violation : violations) {
            String path = violation.getPropertyPath().toString();
            String field = path.replaceAll("\\[.*", "")
                    .replaceAll("([a-z])([A-Z])", "$1_$2")
                    .toLowerCase(Locale.ROOT);
            String message = "This " + violation.getMessage() + ".";
            if (values.containsKey(field)) {
                errors.put(field, message);
            } else {
                error = message;
            }
        }
        return violations.isEmpty();
    }
}
