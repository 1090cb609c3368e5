package dev.sluice.functions.process;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.sluice.functions.settings.MailServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A portal behind a proxy that sends mails, to a server that the test is. Jobs run when a test says so. */
public final class MailProfile implements QuarkusTestProfile {
    /** When a wrong code is refused. */
    static final Duration REFUSAL = Duration.ofMillis(300);

    private static GreenMail server;

    /** The one that takes them. */
    static GreenMail server() {
        return server;
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "quarkus.scheduler.enabled", "false",
                "sluice.web.url", "https://portal.example",
                "sluice.sign-in.refusal", REFUSAL.toString(),
                "sluice.sign-up.domains", "acme.example, start.example",
                "sluice.outgoing.allow", "127.0.0.0/8",
                "sluice.trusted-proxies", "127.0.0.1");
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(Server.class));
    }

    /** Lives as long as the portal. */
    public static final class Server implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            int port = freePort();
            server = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
            server.start();
            return MailServer.from("smtp://127.0.0.1:" + port, "Sluice <sluice@portal.example>")
                    .properties();
        }

        /** One of its own, so that it is at the same when it comes back. */
        private static int freePort() {
            try (ServerSocket socket = new ServerSocket(0)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void stop() {
            server.stop();
        }
    }
}
