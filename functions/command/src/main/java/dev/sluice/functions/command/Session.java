package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** One run of the command line: where requests go and where answers are printed. */
final class Session {
    private static final String ACCOUNT = "account";

    private final Map<String, String> environment;
    private final PrintWriter out;
    private final PrintWriter err;

    Session(Map<String, String> environment, PrintWriter out, PrintWriter err) {
        this.environment = environment;
        this.out = out;
        this.err = err;
    }

    /** @throws CommandException when the environment names no portal that can be asked */
    Scope scope() {
        String usual = environment.getOrDefault("SLUICE_ACCOUNT", "").strip();
        return new Scope(Endpoint.of(environment), usual.isEmpty() ? null : usual);
    }

    /** The one thing that is meant, of the account that is named or of all. */
    Scope.Located<JsonNode> one(Kind kind, Where where, String reference) {
        return scope().locate(where.account, api -> kind.one(api, reference));
    }

    /** Prints a list, of the account that is named or of all. */
    int list(Output output, Where where, Amount amount, String path, Query query, Columns columns) {
        return list(output, scope().accounts(where.account), amount, path, query, columns);
    }

    /** Prints a list of one account. */
    int list(Output output, Scope.Located<?> located, Amount amount, String path, Query query, Columns columns) {
        return list(output, List.of(located.account()), amount, path, query, columns);
    }

    private int list(
            Output output, List<Scope.Account> accounts, Amount amount, String path, Query query, Columns columns) {
        int most = amount.checked();
        ArrayNode things = JsonNodeFactory.instance.arrayNode();
        boolean more = false;
        for (Scope.Account account : accounts) {
            int left = most - things.size();
            more = left == 0 || account.api().list(path, query, left, thing -> things.add(named(account, thing)));
            if (more) {
                break;
            }
        }
        return print(output, columns, things, more);
    }

    /** Prints a list that was read already. */
    int print(Output output, Columns columns, ArrayNode things, boolean more) {
        if (output.json) {
            out.println(things.toPrettyString());
        } else {
            table(columns, things);
        }
        out.flush();
        if (more) {
            note("There is more than these " + things.size() + ": --limit shows more.");
        }
        return 0;
    }

    /** Prints things as a table. */
    void table(Columns columns, JsonNode things) {
        ArrayNode rows = JsonNodeFactory.instance.arrayNode();
        things.forEach(thing -> rows.add(row(columns, thing)));
        out.print(Table.of(rows));
        out.flush();
    }

    /** Prints one thing of an account. */
    int print(Output output, Columns columns, Scope.Account account, JsonNode thing) {
        return print(output, columns, named(account, thing));
    }

    /** Prints one thing. */
    int print(Output output, Columns columns, JsonNode thing) {
        if (output.json) {
            out.println(thing.toPrettyString());
        } else {
            out.print(Table.of(row(columns, thing)));
        }
        out.flush();
        return 0;
    }

    /** Prints one thing as it is. */
    int print(Output output, JsonNode thing) {
        if (output.json) {
            out.println(thing.toPrettyString());
        } else {
            out.print(Table.of(thing));
        }
        out.flush();
        return 0;
    }

    /** Prints one line, as it is. */
    void line(String text) {
        out.println(text);
    }

    /** Prints lines, as they are. */
    void text(String lines) {
        out.print(lines);
        out.flush();
    }

    /** Says something beside the answer. */
    void note(String text) {
        err.println(Printable.lines(text));
    }

    /** A thing, with the account that it belongs to, where there may be several. */
    static JsonNode named(Scope.Account account, JsonNode thing) {
        return account.slug() == null || !(thing instanceof ObjectNode object)
                ? thing
                : object.put(ACCOUNT, account.slug());
    }

    /** The account stands behind the id. */
    private static ObjectNode row(Columns columns, JsonNode thing) {
        ObjectNode row = columns.row(thing);
        if (!thing.has(ACCOUNT) || row.has(ACCOUNT)) {
            return row;
        }
        ObjectNode named = JsonNodeFactory.instance.objectNode();
        row.properties().forEach(cell -> {
            named.set(cell.getKey(), cell.getValue());
            if (named.size() == 1) {
                named.set(ACCOUNT, thing.path(ACCOUNT));
            }
        });
        return named;
    }
}
