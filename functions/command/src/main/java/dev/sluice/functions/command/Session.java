package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/** One run of the command line: where requests go and where answers are printed. */
final class Session {
    private final AdminConnection portal;
    private final PrintWriter out;
    private final PrintWriter err;

    Session(AdminConnection portal, PrintWriter out, PrintWriter err) {
        this.portal = portal;
        this.out = out;
        this.err = err;
    }

    /** Has the portal carry out {@code command} and prints its answer. Returns the exit code. */
    int run(Output output, String command, Arguments arguments) {
        return print(output, call(command, arguments));
    }

    /** Has the portal carry out {@code command} and returns its answer. */
    JsonNode call(String command, Arguments arguments) {
        return portal.call(command, arguments.node());
    }

    /** Prints an answer. Returns the exit code. */
    int print(Output output, JsonNode answer) {
        if (output.json) {
            out.println(answer.toPrettyString());
        } else {
            out.print(Table.of(answer));
            JsonNode note = answer.path("note");
            if (note.isTextual()) {
                err.println(Printable.lines(note.asText()));
            }
        }
        out.flush();
        return 0;
    }
}
