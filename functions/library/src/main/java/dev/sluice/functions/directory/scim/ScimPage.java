package dev.sluice.functions.directory.scim;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is wanted (RFC 7644, section 3.4.2.4).
 *
 * @param startIndex of the first, from 1 on
 * @param count at most so many
 */
record ScimPage(int startIndex, int count) {
    static final int MOST = 200;
    private static final int USUAL = 100;

    /** As the query says; what is out of bounds is taken for the bound. */
    static ScimPage read(@Nullable String startIndex, @Nullable String count) {
        return new ScimPage(
                Math.max(1, number("startIndex", startIndex, 1)), Math.clamp(number("count", count, USUAL), 0, MOST));
    }

    private static int number(String name, @Nullable String text, int fallback) {
        if (text == null || text.isBlank()) {
            return fallback;
        }
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw ScimException.value("'" + name + "' is a number.");
        }
    }

    int offset() {
        return startIndex - 1;
    }

    /** The answer. */
    ObjectNode of(long total, List<ObjectNode> resources) {
        ObjectNode answer = ScimJson.object();
        answer.putArray("schemas").add(ScimJson.LIST);
        answer.put("totalResults", total);
        answer.put("startIndex", startIndex);
        answer.put("itemsPerPage", resources.size());
        answer.putArray("Resources").addAll(resources);
        return answer;
    }
}
