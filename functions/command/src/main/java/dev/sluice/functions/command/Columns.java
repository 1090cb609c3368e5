package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** What of a thing is shown to people, and how; programs get all of it as it came. */
final class Columns {
    private final Map<String, Function<JsonNode, JsonNode>> columns;

    private Columns(Map<String, Function<JsonNode, JsonNode>> columns) {
        this.columns = columns;
    }

    /** These fields, as they are. */
    static Columns of(String... fields) {
        var columns = new LinkedHashMap<String, Function<JsonNode, JsonNode>>();
        for (String field : fields) {
            columns.put(field, thing -> thing.path(field));
        }
        return new Columns(columns);
    }

    /** And this. */
    Columns with(String name, Function<JsonNode, JsonNode> cell) {
        var more = new LinkedHashMap<>(columns);
        more.put(name, cell);
        return new Columns(more);
    }

    /** And this, in words. */
    Columns withText(String name, Function<JsonNode, String> cell) {
        return with(name, thing -> TextNode.valueOf(cell.apply(thing)));
    }

    /** But not this. */
    Columns without(String name) {
        var fewer = new LinkedHashMap<>(columns);
        fewer.remove(name);
        return new Columns(fewer);
    }

    ObjectNode row(JsonNode thing) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        columns.forEach((name, cell) -> row.set(name, cell.apply(thing)));
        return row;
    }
}
