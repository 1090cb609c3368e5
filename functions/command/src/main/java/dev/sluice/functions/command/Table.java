package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Prints an answer for people: a list of objects as a table, without those of their fields that are objects themselves, which
 * are for programs; one object as a line each; anything else as it is.
 */
final class Table {
    private static final String GAP = "  ";

    private Table() {}

    static String of(JsonNode answer) {
        if (answer.isArray()) {
            return answer.isEmpty() ? "none\n" : rows(answer);
        }
        return answer.isObject() ? fields(answer, "") : cell(answer) + "\n";
    }

    private static String rows(JsonNode array) {
        Set<String> columns = new LinkedHashSet<>();
        array.forEach(row -> row.properties().stream()
                .filter(field -> !field.getValue().isObject())
                .forEach(field -> columns.add(field.getKey())));
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns.stream()
                .map(name -> name.replace('_', ' ').toUpperCase(Locale.ROOT))
                .toList());
        array.forEach(row ->
                lines.add(columns.stream().map(name -> cell(row.path(name))).toList()));
        int[] widths = new int[columns.size()];
        for (List<String> line : lines) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], line.get(column).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder row = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                row.append(line.get(column));
                row.repeat(' ', widths[column] - line.get(column).length()).append(GAP);
            }
            text.append(row.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static String fields(JsonNode object, String indent) {
        StringBuilder text = new StringBuilder();
        object.properties().forEach(field -> {
            String name = field.getKey().replace('_', ' ');
            if (field.getKey().equals("note")) {
                return;
            }
            if (field.getValue().isObject()) {
                text.append(indent).append(name).append(":\n").append(fields(field.getValue(), indent + GAP));
            } else {
                text.append(indent)
                        .append(name)
                        .append(": ")
                        .append(cell(field.getValue()))
                        .append('\n');
            }
        });
        return text.toString();
    }

    private static String cell(JsonNode value) {
        if (value.isMissingNode() || value.isNull() || value.isArray() && value.isEmpty()) {
            return "-";
        }
        if (value.isArray()) {
            return StreamSupport.stream(value.spliterator(), false)
                    .map(Table::cell)
                    .collect(Collectors.joining(", "));
        }
        return Printable.text(value.isValueNode() ? value.asText() : value.toString());
    }
}
