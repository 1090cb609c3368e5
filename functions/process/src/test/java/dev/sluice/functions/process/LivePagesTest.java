package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.auth.Sessions;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What open pages are told. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class LivePagesTest {
    private static final long PATIENCE_SECONDS = 20;

    @Inject
    WebListener web;

    @Inject
    Transactions transactions;

    @Inject
    Sessions sessions;

    @Inject
    TokenKey key;

    private World world;
    private SignedInAdmin admin;

    @BeforeEach
    void signIn() throws Exception {
        world = new World(transactions, key);
        admin = SignedInAdmin.of(world, sessions, web);
    }

    private HttpResponse<InputStream> listen() throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + web.port() + "/" + admin.slug() + "/live"))
                                .header("User-Agent", Browser.FIREFOX)
                                .header(
                                        "Cookie",
                                        admin.browser().cookies.entrySet().stream()
                                                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                                                .collect(Collectors.joining("; ")))
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
    }

    /** The names of events as they come; "end" when nothing will come any more. */
    private static LinkedBlockingQueue<String> events(HttpResponse<InputStream> stream) {
        var events = new LinkedBlockingQueue<String>();
        Thread.ofVirtual().start(() -> {
            try (var lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("event:")) {
                        events.add(line.substring("event:".length()).strip());
                    }
                }
            } catch (IOException closed) {
                events.add("broken");
            }
            events.add("end");
        });
        return events;
    }

    private static @Nullable String next(LinkedBlockingQueue<String> events) throws InterruptedException {
        return events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void shouldTellAPageWhatHasChangedAndThatItsSessionHasEnded() throws Exception {
        var stream = listen();
        assertThat(stream.statusCode()).isEqualTo(200);
        assertThat(stream.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        assertThat(stream.headers().firstValue("Cache-Control").orElse("")).isEqualTo("no-store");
        var events = events(stream);
        // What has changed since the page was made, nobody has told it.
        assertThat(next(events)).isEqualTo("changed");

        world.authorize();
        assertThat(next(events)).isEqualTo("changed");

        world.execute("DELETE FROM token WHERE account_id = ? AND type = 'browser'", world.accountId);
        String last = next(events);
        // The end of a session is recorded, too.
        assertThat("changed".equals(last) ? next(events) : last).isEqualTo("ended");
        assertThat(next(events)).isEqualTo("end");
    }

    @Test
    void shouldTellNobodyElse() throws Exception {
        admin.browser().cookies.clear();
        assertThat(listen().statusCode()).isEqualTo(303);
    }
}
