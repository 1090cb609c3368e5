package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A real provider, as a process of its own, at which everybody may say who they are. */
final class OpenIdProvider implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final int port;

    private OpenIdProvider(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static OpenIdProvider start() throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                Path.of("..", "..", "infra", "oidc", "target", "lib").toAbsolutePath() + "/*",
                "no.nav.security.mock.oauth2.StandaloneMockOAuth2ServerKt");
        builder.environment().put("SERVER_HOSTNAME", "127.0.0.1");
        builder.environment().put("SERVER_PORT", Integer.toString(port));
        builder.environment().put("JSON_CONFIG", "{\"interactiveLogin\": true}");
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        var provider = new OpenIdProvider(builder.start(), port);
        provider.await();
        return provider;
    }

    private void await() throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        var request = HttpRequest.newBuilder(URI.create(issuer("any") + "/.well-known/openid-configuration"))
                .build();
        while (true) {
            try {
                if (HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (ConnectException notYet) {
                assertThat(process.waitFor(50, TimeUnit.MILLISECONDS))
                        .as("ended")
                        .isFalse();
            }
            assertThat(System.nanoTime()).isLessThan(end);
        }
    }

    /** One of as many as one likes. */
    String issuer(String name) {
        return "http://127.0.0.1:" + port + "/" + name;
    }

    /**
     * Signs somebody in there, as a person does at its page.
     *
     * @param address to which they were sent
     * @param claims JSON of what it is to say of them
     * @return where they are sent back to, from its path on
     */
    String signIn(String address, String subject, String claims) throws IOException, InterruptedException {
        String form = "username=" + URLEncoder.encode(subject, StandardCharsets.UTF_8) + "&claims="
                + URLEncoder.encode(claims, StandardCharsets.UTF_8);
        var answer = HTTP.send(
                HttpRequest.newBuilder(URI.create(address))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
        URI back = URI.create(answer.headers().firstValue("Location").orElseThrow());
        return back.getRawPath() + "?" + back.getRawQuery();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
