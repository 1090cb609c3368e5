package dev.sluice.functions.console;

import org.jspecify.annotations.Nullable;

/**
 * What somebody typed into a field.
 *
 * @param error what is wrong with it, to stand beside it; null if nothing is
 */
public record Input(String value, @Nullable String error) {
    static final Input EMPTY = new Input("", null);

    /** What is there already. */
    static Input of(String value) {
        return new Input(value, null);
    }
}
