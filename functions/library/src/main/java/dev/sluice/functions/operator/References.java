package dev.sluice.functions.operator;

import dev.sluice.functions.sql.RequestException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the one thing that an operator means by a name, an address or an id. */
final class References {
    private References() {}

    /**
     * @param what the kind of thing, for messages
     * @param id an exact id always wins over names
     * @param names by which a thing may be called; null for those it does not have
     * @throws RequestException when nothing is called so, or several things are: then with all of them
     */
    static <T> T one(
            List<T> all,
            String what,
            String reference,
            Function<T, UUID> id,
            Function<T, Stream<@Nullable String>> names) {
        for (T item : all) {
            if (id.apply(item).toString().equalsIgnoreCase(reference)) {
                return item;
            }
        }
        List<T> called = all.stream()
                .filter(item -> names.apply(item).anyMatch(reference::equals))
                .toList();
        return switch (called.size()) {
            case 0 ->
                throw RequestException.notFound(
                        "There is no " + what + " '" + reference + "'" + known(all, names) + ".");
            case 1 -> called.getFirst();
            default ->
                throw RequestException.conflict("'" + reference + "' could mean more than one " + what
                        + ". Name one by its id:\n"
                        + called.stream()
                                .map(item -> "  " + id.apply(item) + "  " + label(item, names))
                                .collect(Collectors.joining("\n")));
        };
    }

    private static <T> String known(List<T> all, Function<T, Stream<@Nullable String>> names) {
        return all.isEmpty() || all.size() > 10
                ? ""
                : "; there is " + all.stream().map(item -> label(item, names)).collect(Collectors.joining(", "));
    }

    private static <T> String label(T item, Function<T, Stream<@Nullable String>> names) {
        return names.apply(item).filter(Objects::nonNull).collect(Collectors.joining(" "));
    }
}
