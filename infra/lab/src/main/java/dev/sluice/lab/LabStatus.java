package dev.sluice.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What runs in a lab.
 *
 * @param parts the parts by host, each running or not
 * @param wires the options of the links that run over the lab's own wire
 */
record LabStatus(Map<String, Boolean> parts, Map<String, List<String>> wires) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static LabStatus of(Lab lab) {
        return new LabStatus(
                new TreeMap<>(lab.running()),
                lab.network().impaired().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> ImpairmentOptions.format(entry.getValue()))));
    }

    String text() {
        StringBuilder text = new StringBuilder("the lab is up\n");
        parts.forEach((host, running) ->
                text.append(String.format(Locale.ROOT, "  %-16s %s%n", host, running ? "runs" : "does not run")));
        wires.forEach((link, options) ->
                text.append(String.format(Locale.ROOT, "  wire of %s: %s%n", link, String.join(" ", options))));
        return text.toString().stripTrailing();
    }

    String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new LabException("cannot write the status", e);
        }
    }
}
