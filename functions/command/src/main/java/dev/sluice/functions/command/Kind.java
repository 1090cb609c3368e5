package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What there is many of, each called by a name, perhaps an address, and an id. */
enum Kind {
    SITE("site", "/gateway_groups", "name"),
    ACTOR("actor", "/actors", "name", "email"),
    GROUP("group", "/actor_groups", "name"),
    RESOURCE("resource", "/resources", "name", "address"),
    DEVICE("device", "/devices", "name", "ipv4", "ipv6"),
    CLIENT("client", "/devices", "name", "ipv4", "ipv6"),
    TOKEN("token", "/tokens", "name"),
    DIRECTORY("directory", "/directories", "name"),
    POLICY_TEST("policy test", "/policy_tests", "name");

    private static final Pattern ID = Pattern.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");

    /** Of things of one name so many are worth being told apart. */
    private static final int ALIKE = 20;

    /** So many are listed to whom has called something by a wrong name. */
    private static final int KNOWN = 10;

    private final String word;
    private final String path;
    private final List<String> names;

    Kind(String word, String path, String... names) {
        this.word = word;
        this.path = path;
        this.names = List.of(names);
    }

    String path() {
        return path;
    }

    String path(JsonNode thing) {
        return path + "/" + thing.path("id").asText();
    }

    static boolean isId(String reference) {
        return ID.matcher(reference).matches();
    }

    /**
     * The one that is meant by a name, an address or an id.
     *
     * @throws CommandException when nothing is called so, or several things are: then with those
     */
    JsonNode one(Api api, String reference) {
        if (isId(reference)) {
            try {
                JsonNode thing = api.get(path + "/" + reference);
                if (fits().test(thing)) {
                    return thing;
                }
            } catch (CommandException refused) {
                if (!refused.isNotFound()) {
                    throw refused;
                }
            }
        }
        List<JsonNode> called = list(api, Query.of("called", reference), ALIKE);
        return switch (called.size()) {
            case 0 ->
                throw CommandException.notFound(
                        "There is no " + word + " '" + reference + "'" + known(list(api, Query.ALL, KNOWN + 1)) + ".");
            case 1 -> called.getFirst();
            default ->
                throw new CommandException("'" + reference + "' could mean more than one " + word
                        + ". Name one by its id:\n"
                        + called.stream()
                                .map(thing -> "  " + thing.path("id").asText() + "  " + label(thing))
                                .collect(Collectors.joining("\n")));
        };
    }

    private List<JsonNode> list(Api api, Query query, int atMost) {
        List<JsonNode> things = new ArrayList<>();
        api.list(path, query, atMost, things::add);
        return things.stream().filter(fits()).toList();
    }

    private Predicate<JsonNode> fits() {
        return this == CLIENT ? thing -> thing.path("type").asText().equals("client") : thing -> true;
    }

    private String known(List<JsonNode> some) {
        return some.isEmpty() || some.size() > KNOWN
                ? ""
                : "; there is " + some.stream().map(this::label).collect(Collectors.joining(", "));
    }

    private String label(JsonNode thing) {
        return names.stream()
                .map(thing::path)
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .collect(Collectors.joining(" "));
    }
}
