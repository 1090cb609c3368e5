package dev.sluice.functions.lambda;

import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** {@code GET /healthz}: functions answer. */
@ApplicationScoped
class HealthRoute {
    void add(@Observes Router router) {
        router.get("/healthz")
                .handler(context -> context.response()
                        .putHeader("Cache-Control", "no-store")
                        .end("ok"));
    }
}
