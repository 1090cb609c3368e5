package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Conditions as they are typed: {@code property operator value,value…}; time ranges, which have commas of their own, are
 * separated by blanks. Whether they are any, the portal says.
 */
final class ConditionText {
    private static final String TIME = "current_utc_datetime";

    private ConditionText() {}

    /** @throws CommandException when one has no values */
    static ArrayNode parse(List<String> texts) {
        ArrayNode conditions = Api.JSON.createArrayNode();
        for (String text : texts) {
            String[] parts = text.strip().split("\\s+", 3);
            if (parts.length < 3) {
                throw CommandException.argument(
                        "conditions",
                        "'" + text + "' is no condition. Write one as 'remote_ip is_in_cidr 10.0.0.0/8,192.0.2.1' or '"
                                + TIME + " is_in_day_of_week_time_ranges M/08-17/Europe/Berlin'.");
            }
            ArrayNode values = conditions
                    .addObject()
                    .put("property", parts[0])
                    .put("operator", parts[1])
                    .putArray("values");
            for (String value : parts[2].split(parts[0].equals(TIME) ? "\\s+" : "\\s*,\\s*", -1)) {
                values.add(value);
            }
        }
        return conditions;
    }

    /** All of them, on one line. */
    static String format(JsonNode conditions) {
        List<String> texts = new ArrayList<>();
        for (JsonNode condition : conditions) {
            String property = condition.path("property").asText();
            texts.add(property + " " + condition.path("operator").asText() + " "
                    + StreamSupport.stream(condition.path("values").spliterator(), false)
                            .map(JsonNode::asText)
                            .collect(Collectors.joining(property.equals(TIME) ? " " : ",")));
        }
        return texts.isEmpty() ? "-" : String.join("; ", texts);
    }
}
