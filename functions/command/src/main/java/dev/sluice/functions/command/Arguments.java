package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The arguments of one request; what was not given is left out. */
final class Arguments {
    private final ObjectNode node = JsonNodeFactory.instance.objectNode();

    Arguments with(String name, @Nullable String value) {
        if (value != null) {
            node.put(name, value);
        }
        return this;
    }

    Arguments with(String name, @Nullable List<String> values) {
        ArrayNode array = node.putArray(name);
        if (values != null) {
            values.forEach(array::add);
        }
        return this;
    }

    ObjectNode node() {
        return node;
    }
}
