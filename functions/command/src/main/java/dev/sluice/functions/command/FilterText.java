package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Filters as they are typed: {@code icmp}, {@code tcp:443}, {@code udp:5000-5100}. Whether they are any, the portal says. */
final class FilterText {
    private FilterText() {}

    static ArrayNode parse(List<String> texts) {
        ArrayNode filters = Api.JSON.createArrayNode();
        for (String text : texts) {
            int colon = text.indexOf(':');
            ObjectNode filter = filters.addObject()
                    .put("protocol", (colon < 0 ? text : text.substring(0, colon)).toLowerCase(Locale.ROOT));
            if (colon >= 0) {
                filter.putArray("ports").add(text.substring(colon + 1));
            }
        }
        return filters;
    }

    static String format(JsonNode filters) {
        List<String> texts = new ArrayList<>();
        for (JsonNode filter : filters) {
            String protocol = filter.path("protocol").asText();
            if (filter.path("ports").isEmpty()) {
                texts.add(protocol);
            }
            filter.path("ports")
                    .forEach(port -> texts.add(protocol + ":" + port.asText().replace(" ", "")));
        }
        return texts.isEmpty() ? "-" : String.join(", ", texts);
    }
}
