package dev.sluice.functions.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.functions.command.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** What a command of the command line did. */
record CommandOutcome(int code, String out, String err) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Runs one, within this process. */
    static CommandOutcome of(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(environment, new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new CommandOutcome(code, out.toString(), err.toString());
    }

    /** What it printed. */
    JsonNode json() {
        try {
            return JSON.readTree(out);
        } catch (IOException e) {
            throw new IllegalStateException(out + err, e);
        }
    }
}
