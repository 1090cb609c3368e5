package dev.sluice.functions.entity;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a list is narrowed to: all of these hold. */
public record Narrowing(List<Term> terms) {
    public static final Narrowing NONE = new Narrowing(List.of());

    /** A condition in HQL, and the one parameter that it has. */
    record Term(String hql, String parameter, Object value) {}

    public Narrowing {
        terms = List.copyOf(terms);
    }

    /** As before, and only those whose attribute has this value; any if it is null. */
    public Narrowing with(String attribute, @Nullable Object value) {
        return value == null ? this : and(attribute + " = :" + attribute, attribute, value);
    }

    /**
     * As before, and only those whose name begins so, in whatever case; any if it is null. An index finds them, by the bytes
     * of {@code name_key}: nothing that follows a beginning is greater than the last of all characters.
     */
    public Narrowing named(@Nullable String prefix) {
        if (prefix == null) {
            return this;
        }
        var key = prefix.toLowerCase(Locale.ROOT);
        return and("nameKey >= :name", "name", key)
                .and("nameKey < :beyond", "beyond", key + Character.toString(Character.MAX_CODE_POINT));
    }

    /** As before, and only those that are called so: one of these attributes has this very value; any if it is null. */
    public Narrowing called(@Nullable String reference, String... attributes) {
        return reference == null
                ? this
                : and(
                        Stream.of(attributes)
                                .map(attribute -> attribute + " = :called")
                                .collect(Collectors.joining(" or ", "(", ")")),
                        "called",
                        reference);
    }

    private Narrowing and(String hql, String parameter, Object value) {
        var more = new ArrayList<>(terms);
        more.add(new Term(hql, parameter, value));
        return new Narrowing(more);
    }
}
