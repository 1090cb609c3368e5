package dev.sluice.functions.directory.scim;

import com.fasterxml.jackson.databind.node.ValueNode;
import com.unboundid.scim2.common.Path;
import com.unboundid.scim2.common.exceptions.BadRequestException;
import com.unboundid.scim2.common.filters.AndFilter;
import com.unboundid.scim2.common.filters.EqualFilter;
import com.unboundid.scim2.common.filters.Filter;
import dev.sluice.functions.directory.Roster;
import dev.sluice.functions.sql.Ids;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a list is narrowed to (RFC 7644, section 3.4.2.2): those that clients match by, with {@code eq} and {@code and}. Any
 * other filter is refused: a wrong answer to it would make somebody twice.
 *
 * @param sql follows a condition
 */
record ScimFilter(String sql, List<Object> parameters) {
    static final ScimFilter ALL = new ScimFilter("", List.of());

    private static final int LONGEST = 1000;

    /** Entra asks for {@code emails[type eq "work"].value}; here it may be of whatever type. */
    private static final String QUALIFIED = "\\[type eq \"[^\"]*\"]\\.";

    /** How one attribute is asked for. */
    interface Attribute {
        /** @return null if there is no such attribute, or it cannot have this value */
        @Nullable ScimFilter equal(String path, ValueNode value);
    }

    /** Those of a user, by its lower-case path. */
    static @Nullable ScimFilter ofUser(String path, ValueNode value) {
        return switch (path) {
            case "id" -> ofId(value);
            case "username" -> text("user_key = ?", value, true);
            case "externalid" -> text("external_id = ?", value, false);
            case "displayname" -> text("resource ->> 'displayName' = ?", value, false);
            case "emails", "emails.value" ->
                text(
                        "resource @> jsonb_build_object('emails', jsonb_build_array(jsonb_build_object('value', ?::text)))",
                        value,
                        false);
            case "active" -> value.isBoolean() ? new ScimFilter(" AND active = ?", List.of(value.asBoolean())) : null;
            default -> null;
        };
    }

    /** Those of a group. */
    static @Nullable ScimFilter ofGroup(String path, ValueNode value) {
        return switch (path) {
            case "id" -> ofId(value);
            case "displayname" -> text("display_key = ?", value, true);
            case "externalid" -> text("external_id = ?", value, false);
            case "members", "members.value" -> {
                UUID member = Ids.parse(value.asText());
                yield new ScimFilter(
                        " AND EXISTS (SELECT FROM membership m WHERE m.account_id = directory_group.account_id"
                                + " AND m.group_id = directory_group.id AND m.actor_id = ?)",
                        List.of(member == null ? new UUID(0, 0) : member));
            }
            default -> null;
        };
    }

    /** @throws ScimException when it asks for something else */
    static ScimFilter read(@Nullable String text, Attribute attributes) {
        if (text == null || text.isBlank()) {
            return ALL;
        }
        if (text.length() > LONGEST) {
            throw ScimException.filter("A filter has at most " + LONGEST + " characters.");
        }
        var sql = new StringBuilder();
        var parameters = new ArrayList<>();
        try {
            for (Filter term : terms(Filter.fromString(text.replaceAll(QUALIFIED, ".")))) {
                if (!(term instanceof EqualFilter equal)) {
                    throw unsupported();
                }
                var narrowed = attributes.equal(path(equal.getAttributePath()), equal.getComparisonValue());
                if (narrowed == null) {
                    throw unsupported();
                }
                sql.append(narrowed.sql());
                parameters.addAll(narrowed.parameters());
            }
        } catch (BadRequestException e) {
            throw ScimException.filter("The filter is malformed.");
        }
        return new ScimFilter(sql.toString(), parameters);
    }

    private static List<Filter> terms(Filter filter) {
        if (!(filter instanceof AndFilter and)) {
            return List.of(filter);
        }
        List<Filter> terms = new ArrayList<>();
        and.getCombinedFilters().forEach(term -> terms.addAll(terms(term)));
        return terms;
    }

    private static String path(Path path) {
        return path.toString().toLowerCase(Locale.ROOT).replaceFirst("^urn:.*:(user|group):", "");
    }

    private static ScimFilter ofId(ValueNode value) {
        UUID id = Ids.parse(value.asText());
        return new ScimFilter(" AND id = ?", List.of(id == null ? new UUID(0, 0) : id));
    }

    private static @Nullable ScimFilter text(String condition, ValueNode value, boolean ignoresCase) {
        return value.isTextual()
                ? new ScimFilter(
                        " AND " + condition, List.of(ignoresCase ? Roster.key(value.asText()) : value.asText()))
                : null;
    }

    private static ScimException unsupported() {
        return ScimException.filter("A filter compares attributes that clients match by with eq, joined by and.");
    }
}
