package dev.sluice.functions.operator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.functions.sql.RequestException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The named arguments of one command. What is asked for but wrong or missing is refused by name. */
public final class OperatorArguments {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    /** A hundred years: what lasts longer is a slip of the keyboard. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final int HIGHEST_LIMIT = 1000;
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_TEXT = 1_024;

    private final JsonNode node;

    /** @param known the arguments that the command takes: a misspelt one must not be ignored */
    OperatorArguments(JsonNode node, Set<String> known) {
        if (!node.isObject()) {
            throw RequestException.invalid("The arguments must be a JSON object.");
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw RequestException.invalid("'" + name + "' is not an argument of this command.");
            }
        });
        this.node = node;
    }

    /** An argument that must be there. */
    public String text(String name) {
        String value = optional(name);
        if (value == null) {
            throw RequestException.argument(name, "'" + name + "' is missing.");
        }
        return value;
    }

    /** An argument that may be left out. */
    public @Nullable String optional(String name) {
        JsonNode value = node.path(name);
        if (value.isMissingNode()
                || value.isNull()
                || value.isTextual() && value.textValue().isBlank()) {
            return null;
        }
        if (!value.isTextual()) {
            throw RequestException.argument(name, "'" + name + "' must be text.");
        }
        return printable(name, value.textValue().strip());
    }

    /** A list, empty if it is left out. */
    public List<String> texts(String name) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode item : value) {
            texts.add(printable(name, item.asText().strip()));
        }
        if (!value.isArray() || texts.contains("")) {
            throw RequestException.argument(name, "'" + name + "' must be a list of texts.");
        }
        return texts;
    }

    /** A time span such as {@code 7d}, {@code 12h}, {@code 30m}, {@code 90s} or {@code 500ms}; must be there. */
    public Duration duration(String name) {
        String value = text(name);
        Matcher matcher = DURATION.matcher(value);
        if (!matcher.matches()) {
            throw RequestException.argument(
                    name, "'" + name + "' is '" + value + "'. Write a time as 7d, 12h, 30m, 90s or 500ms.");
        }
        ChronoUnit unit = switch (matcher.group(2)) {
            case "ms" -> ChronoUnit.MILLIS;
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            case "h" -> ChronoUnit.HOURS;
            default -> ChronoUnit.DAYS;
        };
        try {
            Duration duration = Duration.of(Long.parseLong(matcher.group(1)), unit);
            if (duration.compareTo(LONGEST) <= 0) {
                return duration;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // Refused below, with the same words as one that is a little too long.
        }
        throw RequestException.argument(
                name, "'" + name + "' is '" + value + "', and may be " + LONGEST.toDays() + "d at the most.");
    }

    /** How many are wanted at the most: {@code limit}, if it is there. */
    public int limit(int fallback) {
        String text = optional("limit");
        if (text == null) {
            return fallback;
        }
        if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > HIGHEST_LIMIT) {
            throw RequestException.argument("limit", "'limit' must be a number from 1 to " + HIGHEST_LIMIT + ".");
        }
        return Integer.parseInt(text);
    }

    private static String printable(String name, String value) {
        int longest = name.equals("name") ? LONGEST_NAME : LONGEST_TEXT;
        if (value.length() > longest) {
            throw RequestException.argument(
                    name, "'" + name + "' has " + value.length() + " characters, and may have " + longest + ".");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw RequestException.argument(name, "'" + name + "' must not have control characters in it.");
        }
        return value;
    }
}
