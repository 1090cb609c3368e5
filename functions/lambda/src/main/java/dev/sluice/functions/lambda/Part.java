package dev.sluice.functions.lambda;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.settings.SettingException;
import dev.sluice.functions.settings.Variables;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What functions can be deployed apart. */
enum Part {
    /** REST, and what clients are signed in by. */
    API,
    /** Stripe's webhook. */
    STRIPE,
    /** WorkOS' webhook. */
    WORKOS,
    /** What directories push. */
    SCIM,
    /** What devices say, and the decisions on what they ask. */
    CHANNELS,
    /** What operators do, who are known to AWS. */
    OPERATOR,
    /** What is done again and again. */
    JOBS;

    /** {@code SLUICE_FUNCTION}: the parts that a function has, with commas between; without it, all. */
    static final String VARIABLE = "SLUICE_FUNCTION";

    /** To which of them a path leads. */
    static Part of(String path) {
        if (path.startsWith(Door.SCIM)) {
            return SCIM;
        }
        if (path.startsWith(Door.INTEGRATIONS + "stripe/")) {
            return STRIPE;
        }
        return path.startsWith(Door.INTEGRATIONS + "workos/") ? WORKOS : API;
    }

    /** @throws SettingException when one of them is none */
    static Set<Part> from(Variables variables) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        for (String word : variables.list(VARIABLE)) {
            try {
                parts.add(valueOf(word.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new SettingException(VARIABLE
                        + " is api, stripe, workos, scim, channels, operator and jobs, with commas between, and not '"
                        + word + "'.");
            }
        }
        return parts.isEmpty() ? EnumSet.allOf(Part.class) : parts;
    }
}
