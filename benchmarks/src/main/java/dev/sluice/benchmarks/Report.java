package dev.sluice.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table of figures and how they were made, printed and recorded as {@code <date>-<name>.md} and {@code .json}.
 *
 * @param name of the measurement
 * @param columns headings
 * @param rows cells by heading: text, or numbers
 * @param notes sentences that stand below the table
 */
record Report(String name, Machine machine, List<String> columns, List<Map<String, Object>> rows, List<String> notes) {

    void print() {
        System.out.println(table());
        notes.forEach(System.out::println);
    }

    /** Writes both files into a directory, which is made if it is missing. */
    void record(Path directory) {
        String file = machine.date().toString().substring(0, 10) + "-" + name;
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.putAll(machine.fields());
        json.put("rows", rows);
        json.put("notes", notes);
        try {
            Files.createDirectories(directory);
            Path markdown = directory.resolve(file + ".md");
            Files.writeString(markdown, markdown());
            Files.writeString(
                    directory.resolve(file + ".json"),
                    new ObjectMapper()
                                    .enable(SerializationFeature.INDENT_OUTPUT)
                                    .writeValueAsString(json) + "\n");
            System.out.println("Recorded in " + markdown + " and .json beside it.");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + directory + "; name another with --results", e);
        }
    }

    /** {@code benchmarks/results} of the tree that this class was built in. */
    static Path defaultDirectory() {
        try {
            Path classes = Path.of(Report.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path target = classes.getParent();
            Path module = target == null ? null : target.getParent();
            return module == null ? Path.of("results") : module.resolve("results");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private String markdown() {
        StringBuilder text = new StringBuilder("# " + name + "\n\n");
        machine.fields()
                .forEach((field, value) -> text.append("- ")
                        .append(field)
                        .append(": ")
                        .append(value)
                        .append('\n'));
        text.append('\n').append(table()).append('\n');
        notes.forEach(note -> text.append(note).append('\n'));
        return text.toString();
    }

    /** In Markdown, its columns aligned. */
    private String table() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns);
        for (Map<String, Object> row : rows) {
            lines.add(columns.stream().map(column -> text(row.get(column))).toList());
        }
        int[] widths = new int[columns.size()];
        lines.forEach(line -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        });
        StringBuilder table = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            table.append(line(lines.get(i), widths));
            if (i == 0) {
                table.append('|');
                for (int width : widths) {
                    table.append("-".repeat(width + 2)).append('|');
                }
                table.append('\n');
            }
        }
        return table.toString();
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < widths.length; i++) {
            line.append(' ')
                    .append(cells.get(i))
                    .append(" ".repeat(widths[i] - cells.get(i).length()))
                    .append(" |");
        }
        return line.append('\n').toString();
    }

    private static String text(@Nullable Object cell) {
        return switch (cell) {
            case null -> "";
            case Double number when Math.abs(number) >= 100 -> String.format(Locale.ROOT, "%.0f", number);
            case Double number -> String.format(Locale.ROOT, "%.1f", number);
            default -> cell.toString();
        };
    }
}
