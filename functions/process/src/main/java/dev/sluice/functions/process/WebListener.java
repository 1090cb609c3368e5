package dev.sluice.functions.process;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.Doors;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SSLOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The second port, for people, with the same certificate as the API's. */
@ApplicationScoped
public class WebListener {
    private static final Logger LOG = Logger.getLogger(WebListener.class);

    private final Vertx vertx;
    private final String host;
    private final int port;
    private final HttpServerOptions options = new HttpServerOptions();
    private final List<Path> files = new ArrayList<>();
    private List<FileTime> seen = List.of();
    private @Nullable HttpServer server;

    WebListener(
            Vertx vertx,
            @ConfigProperty(name = "quarkus.http.host") String host,
            @ConfigProperty(name = "sluice.web.port", defaultValue = "13000") int port,
            @ConfigProperty(name = "quarkus.http.ssl.certificate.files") Optional<List<String>> certificates,
            @ConfigProperty(name = "quarkus.http.ssl.certificate.key-files") Optional<List<String>> keys) {
        this.vertx = vertx;
        this.host = host;
        this.port = port;
        options.setMaxHeaderSize(16 * 1024).setIdleTimeout(300);
        if (certificates.isPresent() && keys.isPresent()) {
            PemKeyCertOptions pem = new PemKeyCertOptions();
            certificates.get().forEach(pem::addCertPath);
            keys.get().forEach(pem::addKeyPath);
            options.setSsl(true).setKeyCertOptions(pem);
            certificates.get().forEach(file -> files.add(Path.of(file)));
            keys.get().forEach(file -> files.add(Path.of(file)));
            seen = times();
        }
    }

    /** The port that it listens on. */
    int port() {
        return server == null ? port : server.actualPort();
    }

    void start(@Observes StartupEvent event) {
        HttpServer created = Doors.open(
                vertx.createHttpServer(options).requestHandler(request -> Doors.enter(Door.WEB, request)),
                host,
                port,
                "web",
                "SLUICE_WEB_PORT");
        server = created;
        if (!files.isEmpty()) {
            vertx.setPeriodic(Tls.LOOK_INTERVAL.toMillis(), id -> reload(created));
        }
    }

    /** Connections that begin from now on are served what the files hold; with a file that cannot be read, what was. */
    private void reload(HttpServer running) {
        List<FileTime> now = times();
        if (!now.isEmpty() && !now.equals(seen)) {
            seen = now;
            SSLOptions renewed = new SSLOptions(options.getSslOptions());
            running.updateSSLOptions(renewed, true)
                    .onFailure(
                            unusable -> LOG.warnf("the renewed certificate cannot be used: %s", unusable.getMessage()))
                    .onSuccess(used -> LOG.info("the web listener serves the renewed certificate"));
        }
    }

    private List<FileTime> times() {
        List<FileTime> times = new ArrayList<>();
        for (Path file : files) {
            try {
                times.add(Files.getLastModifiedTime(file));
            } catch (IOException beingReplaced) {
                return List.of();
            }
        }
        return times;
    }

    void stop(@Observes ShutdownEvent event) {
        if (server != null) {
            server.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
