package dev.sluice.functions.process;

import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** {@code GET /healthz} for load balancers: the process answers. Whether its parts work is {@code /q/health} of the admin listener. */
@ApplicationScoped
public class HealthRoute {
    void register(@Observes Router router) {
        router.get("/healthz")
                .handler(context -> context.response()
                        .putHeader("Content-Type", "application/json")
                        .putHeader("Cache-Control", "no-store")
                        .end("{\"status\":\"ok\"}"));
    }
}
