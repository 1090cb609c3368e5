package dev.sluice.channel;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the fields of one JSON object; a field that must be there and is not ends the message, not the channel. */
record Fields(JsonNode json) {
    /** A message lacks what it must have. The text names the field and never its value. */
    static final class Missing extends RuntimeException {
        Missing(String field) {
            super("missing or invalid: " + field, null, false, false);
        }
    }

    static <M> Decoded<M> decode(String event, Supplier<? extends M> read) {
        try {
            return new Decoded.Message<>(read.get());
        } catch (Missing e) {
            return new Decoded.Malformed<>(event, String.valueOf(e.getMessage()));
        }
    }

    Fields object(String name) {
        var child = json.path(name);
        if (!child.isObject()) {
            throw new Missing(name);
        }
        return new Fields(child);
    }

    boolean has(String name) {
        return json.hasNonNull(name);
    }

    String text(String name) {
        var text = optionalText(name);
        if (text == null || text.isEmpty()) {
            throw new Missing(name);
        }
        return text;
    }

    @Nullable String optionalText(String name) {
        return json.path(name).textValue();
    }

    UUID id(String name) {
        return id(json.path(name), name);
    }

    Secret secret(String name) {
        return new Secret(text(name));
    }

    IceCredentials iceCredentials(String name) {
        var credentials = object(name);
        return new IceCredentials(credentials.text("username"), credentials.secret("password"));
    }

    Instant instant(String name) {
        var instant = optionalInstant(name);
        if (instant == null) {
            throw new Missing(name);
        }
        return instant;
    }

    /** Whole seconds since 1970. A time beyond what {@link Instant} holds ends the message. */
    @Nullable Instant optionalInstant(String name) {
        var value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < Instant.MIN.getEpochSecond()
                || value.longValue() > Instant.MAX.getEpochSecond()) {
            throw new Missing(name);
        }
        return Instant.ofEpochSecond(value.longValue());
    }

    int port(String name) {
        var value = json.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new Missing(name);
        }
        return value.intValue();
    }

    long number(String name) {
        var value = json.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new Missing(name);
        }
        return value.longValue();
    }

    /** A device need not say why it asks. */
    SnapshotRequest snapshotRequest() {
        var reason = optionalText("reason");
        return new SnapshotRequest(reason == null ? "" : reason);
    }

    /** The elements that can be read; the others are skipped one by one. A missing list is an empty one. */
    <T> List<T> list(String name, Function<Fields, T> read) {
        var list = new ArrayList<T>();
        for (var element : json.path(name)) {
            try {
                list.add(read.apply(new Fields(element)));
            } catch (Missing e) {
                continue;
            }
        }
        return list;
    }

    /** As {@link #list}, but one bad element ends the whole message. */
    <T> List<T> strictList(String name, Function<Fields, T> read) {
        var elements = json.path(name);
        if (!elements.isMissingNode() && !elements.isNull() && !elements.isArray()) {
            throw new Missing(name);
        }
        var list = new ArrayList<T>();
        for (var element : elements) {
            list.add(read.apply(new Fields(element)));
        }
        return list;
    }

    List<String> texts(String name) {
        return list(name, element -> {
            var text = element.json.textValue();
            if (text == null) {
                throw new Missing(name);
            }
            return text;
        });
    }

    List<UUID> ids(String name) {
        return list(name, element -> id(element.json, name));
    }

    static UUID id(JsonNode json, String name) {
        var text = json.textValue();
        // UUID.fromString takes short groups such as "1-1-1-1-1".
        if (text == null || text.length() != 36) {
            throw new Missing(name);
        }
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new Missing(name);
        }
    }
}
