package dev.sluice.functions.policy;

import java.util.List;

/** Conditions as tests write them: {@code property operator value,value…}, of times {@code … value value…}. */
public final class ConditionText {
    private ConditionText() {}

    public static Condition condition(String text) {
        var parts = text.split(" ", 3);
        var separator = parts[0].equals(Condition.TIME) ? "\\s+" : "\\s*,\\s*";
        return Condition.of(parts[0], parts[1], List.of(parts[2].split(separator, -1)));
    }
}
