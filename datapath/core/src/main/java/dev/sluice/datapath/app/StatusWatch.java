package dev.sluice.datapath.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Supplier;

/** The status of a running device, shown again whenever it has changed. A device that is gone for a while is waited for. */
final class StatusWatch {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** Begins the screen anew (ECMA-48: ED and CUP). */
    private static final String CLEAR = "\u001b[2J\u001b[H";

    private final PrintWriter out;
    private final boolean json;
    private String shown = "";

    StatusWatch(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** Until this thread is interrupted. */
    int run(Supplier<JsonNode> status, DeviceAuthorization.Pause pause) throws InterruptedException {
        while (true) {
            show(text(status));
            pause.take(INTERVAL);
        }
    }

    private String text(Supplier<JsonNode> status) {
        try {
            JsonNode answer = status.get();
            return json ? answer + System.lineSeparator() : StatusText.of(answer);
        } catch (CommandFailedException silent) {
            return json
                    ? StatusJson.object().put("trouble", silent.getMessage()) + System.lineSeparator()
                    : silent.getMessage() + System.lineSeparator();
        }
    }

    private void show(String text) {
        if (text.equals(shown)) {
            return;
        }
        shown = text;
        out.print((json || System.console() == null ? "" : CLEAR) + text);
        out.flush();
    }
}
