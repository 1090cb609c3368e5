package dev.sluice.functions.process;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.Doors;
import dev.sluice.functions.settings.SettingException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * The operator's port, on this host only: health and metrics for everybody on it, and all else, the API too, for whoever has
 * the secret.
 */
@ApplicationScoped
public class AdminListener {
    private static final String HOST = "127.0.0.1";
    private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost", "[::1]", "::1");

    private final Vertx vertx;
    private final int port;
    private final OperatorSecret secret;
    private @Nullable HttpServer server;

    AdminListener(
            Vertx vertx,
            @ConfigProperty(name = "sluice.admin.port", defaultValue = "13002") int port,
            @ConfigProperty(name = "sluice.data-dir") String dataDirectory) {
        this.vertx = vertx;
        this.port = port;
        try {
            this.secret = OperatorSecret.load(Path.of(dataDirectory, "admin-secret"));
        } catch (IOException e) {
            throw new SettingException(Objects.requireNonNullElse(e.getMessage(), e.toString()));
        }
    }

    /** The port that it listens on. */
    int port() {
        return server == null ? port : server.actualPort();
    }

    void start(@Observes StartupEvent event) {
        var options = new HttpServerOptions().setMaxHeaderSize(16 * 1024).setIdleTimeout(300);
        server = Doors.open(
                vertx.createHttpServer(options).requestHandler(this::admit), HOST, port, "admin", "SLUICE_ADMIN_PORT");
    }

    private void admit(HttpServerRequest request) {
        if (!isCalledAsThisHost(request)) {
            Doors.refuse(request.response(), 403, "Call the admin listener as 127.0.0.1 or localhost.");
        } else {
            Doors.enter(isOperator(request) ? Door.ADMIN : Door.HOST, request);
        }
    }

    /**
     * A page in a browser on this host can call this listener by a name of its own that leads to 127.0.0.1, and then read the
     * answers. It cannot choose the name that the browser sends.
     */
    private static boolean isCalledAsThisHost(HttpServerRequest request) {
        var host = request.authority();
        return host != null && HOSTS.contains(host.host().toLowerCase(Locale.ROOT));
    }

    private boolean isOperator(HttpServerRequest request) {
        String authorization = request.getHeader("Authorization");
        return authorization != null && secret.matches(authorization);
    }

    void stop(@Observes ShutdownEvent event) {
        if (server != null) {
            server.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
