package dev.sluice.functions.settings;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The variables that an operator sets, each read as what it is to be. One that is set and empty is not set. */
public record Variables(Map<String, String> environment) {
    /** Not what they are. */
    @Override
    public String toString() {
        return "Variables" + environment.keySet();
    }

    public String text(String name, String fallback) {
        String value = environment.getOrDefault(name, "").strip();
        return value.isEmpty() ? fallback : value;
    }

    /** @throws SettingException when it is no port */
    public int port(String name, int fallback) {
        String value = text(name, Integer.toString(fallback));
        try {
            int port = Integer.parseInt(value);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Refused below, with the same words as a number out of range.
        }
        throw new SettingException(name + " must be a port from 1 to 65535 and is '" + value + "'.");
    }

    /** @throws SettingException when it is neither true nor false, which it is where it is not set */
    public boolean flag(String name) {
        String value = text(name, "false").toLowerCase(Locale.ROOT);
        return switch (value) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw new SettingException(name + " must be true or false and is '" + value + "'.");
        };
    }

    /** Its parts, with commas between. */
    public List<String> list(String name) {
        return Stream.of(text(name, "").split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
