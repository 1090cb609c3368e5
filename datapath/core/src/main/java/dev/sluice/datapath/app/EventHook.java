package dev.sluice.datapath.app;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Has a program of the user's know when this device is signed in and when it is signed out. From the loop: waits for nothing. */
final class EventHook {
    private static final System.Logger LOG = System.getLogger(EventHook.class.getName());

    private final @Nullable String command;

    /** One after the other, in the order in which it happened. */
    private final ExecutorService runner = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("on-event").factory());

    private String last = "";

    /** @param command for sh; null for none */
    EventHook(@Nullable String command) {
        this.command = command;
    }

    void signedIn() {
        happened("signed_in", "");
    }

    /** @param reason its code; empty where nobody is signed in */
    void signedOut(String reason) {
        happened("signed_out", reason);
    }

    /** What was so already is no news. */
    private void happened(String event, String reason) {
        if (command == null || event.equals(last)) {
            return;
        }
        last = event;
        runner.execute(() -> run(command, event, reason));
    }

    private static void run(String command, String event, String reason) {
        try {
            ProcessBuilder hook = new ProcessBuilder("sh", "-c", command).inheritIO();
            Map<String, String> environment = hook.environment();
            environment.remove("SLUICE_TOKEN");
            environment.remove("FIREZONE_TOKEN");
            environment.put("SLUICE_EVENT", event);
            environment.put("SLUICE_REASON", reason);
            int code = hook.start().waitFor();
            if (code != 0) {
                LOG.log(System.Logger.Level.WARNING, "what --on-event names ended with " + code);
            }
        } catch (IOException unusable) {
            LOG.log(System.Logger.Level.WARNING, "what --on-event names cannot be run: " + unusable.getMessage());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
