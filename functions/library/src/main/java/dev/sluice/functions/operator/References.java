package dev.sluice.functions.operator;

import dev.sluice.functions.sql.RequestException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the one thing that an operator means by a name, an address or an id. */
final class References {
    /** So many are listed to whom has called something by a wrong name. */
    static final int KNOWN = 10;

    private References() {}

    /**
     * @param what the kind of thing, for messages
     * @param called what has the reference as its id or among its names, found by an index
     * @param some what there is, as far as it is worth being listed: more than {@link #KNOWN} are not
     * @param id an exact id always wins over names
     * @param names by which a thing may be called; null for those it does not have
     * @throws RequestException when nothing is called so, or several things are: then with those
     */
    static <T> T one(
            String what,
            String reference,
            List<T> called,
            Supplier<List<T>> some,
            Function<T, UUID> id,
            Function<T, Stream<@Nullable String>> names) {
        for (T item : called) {
            if (id.apply(item).toString().equalsIgnoreCase(reference)) {
                return item;
            }
        }
        return switch (called.size()) {
            case 0 ->
                throw RequestException.notFound(
                        "There is no " + what + " '" + reference + "'" + known(some.get(), names) + ".");
            case 1 -> called.getFirst();
            default ->
                throw RequestException.conflict("'" + reference + "' could mean more than one " + what
                        + ". Name one by its id:\n"
                        + called.stream()
                                .map(item -> "  " + id.apply(item) + "  " + label(item, names))
                                .collect(Collectors.joining("\n")));
        };
    }

    private static <T> String known(List<T> some, Function<T, Stream<@Nullable String>> names) {
        return some.isEmpty() || some.size() > KNOWN
                ? ""
                : "; there is " + some.stream().map(item -> label(item, names)).collect(Collectors.joining(", "));
    }

    private static <T> String label(T item, Function<T, Stream<@Nullable String>> names) {
        return names.apply(item).filter(Objects::nonNull).collect(Collectors.joining(" "));
    }
}
