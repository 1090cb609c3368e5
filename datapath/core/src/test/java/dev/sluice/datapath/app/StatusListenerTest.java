package dev.sluice.datapath.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusListenerTest {
    private static final String STATUS = """
            {"state":"running","portal":{"state":"up"},"tunnel":{"device":"sluice0","ipv4":"100.64.0.1","ipv6":"fd00::1"},
             "resources":[{"name":"web","address":"172.20.0.0/16","state":"refused",
               "last_denial":{"reason":"condition","properties":["remote_ip"],
                 "seen":{"remote_ip":"203.0.113.9"},"at":"2026-01-01T00:00:00Z"}}],
             "counters":{"received":4,"originated":1,"delivered":2,"consumed":1,"held":0,"dropped":{"denied":2}}}
            """;

    private final HttpClient http = HttpClient.newHttpClient();
    private StatusListener listener;

    @BeforeEach
    void open() {
        listener = StatusListener.open(
                new InetSocketAddress("127.0.0.1", 0),
                Map.of(
                        "/status",
                        new StatusListener.Page("application/json", () -> STATUS),
                        "/healthz",
                        new StatusListener.Page("text/plain", () -> {
                            throw new IllegalStateException("stuck");
                        })));
    }

    @AfterEach
    void close() {
        listener.close();
    }

    @Test
    void shouldServeItsPagesWithTheirTypes() throws Exception {
        HttpResponse<String> response = send("GET", "/status");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
        assertThat(response.body()).isEqualTo(STATUS);
    }

    @Test
    void shouldRefuseOtherPathsAndOtherMethods() throws Exception {
        assertThat(send("GET", "/status/more").statusCode()).isEqualTo(404);
        assertThat(send("POST", "/status").statusCode()).isEqualTo(405);
    }

    @Test
    void shouldBeUnwellWhenTheLoopDoesNotAnswer() throws Exception {
        assertThat(send("GET", "/healthz").statusCode()).isEqualTo(503);
    }

    @Test
    void shouldSayThatItsAddressIsTaken() {
        assertThatThrownBy(() -> StatusListener.open(listener.address(), Map.of()))
                .hasMessageContaining("is one running already?");
    }

    @Test
    void shouldPrintTheStatusForPeopleAndForPrograms() {
        StringWriter json = new StringWriter();
        assertThat(DeviceCommand.status(listener.address(), true, new PrintWriter(json)))
                .isZero();
        assertThat(json.toString()).isEqualTo(STATUS);

        StringWriter text = new StringWriter();
        DeviceCommand.status(listener.address(), false, new PrintWriter(text));
        assertThat(text.toString().lines())
                .containsExactly(
                        "State        running",
                        "Portal       up",
                        "Tunnel       sluice0 100.64.0.1 fd00::1",
                        "Resource     web 172.20.0.0/16 refused last denied: condition remote_ip (the portal sees 203.0.113.9) at"
                                + " 2026-01-01T00:00:00Z",
                        "Packets      received 4, originated 1, delivered 2, consumed 1, held 0, dropped denied=2");
    }

    @Test
    void shouldGroupMetricsUnderTheirTypes() {
        assertThat(Metric.text(List.of(
                        new Metric("sluice_dropped_total", "reason=\"denied\"", 2),
                        Metric.of("sluice_portal_up", 1),
                        new Metric("sluice_dropped_total", "reason=\"filtered\"", 3e9))))
                .isEqualTo("""
                        # TYPE sluice_dropped_total counter
                        sluice_dropped_total{reason="denied"} 2
                        sluice_dropped_total{reason="filtered"} 3000000000
                        # TYPE sluice_portal_up gauge
                        sluice_portal_up 1
                        """);
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + listener.address().getPort() + path);
        return http.send(
                HttpRequest.newBuilder(uri)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
