package dev.sluice.functions.command;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a list is narrowed to: all of these hold; a value that is null narrows nothing. */
record Query(Map<String, @Nullable String> parameters) {
    static final Query ALL = new Query(Map.of());

    static Query of(String name, @Nullable String value) {
        return ALL.and(name, value);
    }

    Query and(String name, @Nullable String value) {
        var more = new LinkedHashMap<>(parameters);
        more.put(name, value);
        return new Query(more);
    }

    /** As it stands behind a path. */
    String text() {
        var text = new StringBuilder();
        parameters.forEach((name, value) -> {
            if (value != null) {
                text.append(text.isEmpty() ? '?' : '&')
                        .append(name)
                        .append('=')
                        .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
            }
        });
        return text.toString();
    }
}
