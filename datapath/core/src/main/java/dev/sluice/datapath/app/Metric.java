package dev.sluice.datapath.app;

import java.util.List;
import java.util.Locale;

/**
 * One sample in the text format of Prometheus.
 *
 * @param name counters end in {@code _total}
 * @param labels {@code name="value"} pairs, empty for none
 */
record Metric(String name, String labels, double value) {
    static Metric of(String name, double value) {
        return new Metric(name, "", value);
    }

    /** Samples of one name stand together, under one line that says their type. */
    static String text(List<Metric> metrics) {
        StringBuilder text = new StringBuilder();
        metrics.stream().map(Metric::name).distinct().forEach(name -> {
            text.append("# TYPE ").append(name).append(name.endsWith("_total") ? " counter\n" : " gauge\n");
            metrics.stream().filter(metric -> metric.name().equals(name)).forEach(metric -> metric.append(text));
        });
        return text.toString();
    }

    private void append(StringBuilder text) {
        text.append(name);
        if (!labels.isEmpty()) {
            text.append('{').append(labels).append('}');
        }
        text.append(' ')
                .append(value == Math.rint(value) ? String.format(Locale.ROOT, "%.0f", value) : Double.toString(value))
                .append('\n');
    }
}
