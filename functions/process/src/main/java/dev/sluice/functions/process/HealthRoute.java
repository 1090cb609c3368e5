package dev.sluice.functions.process;

import dev.sluice.functions.stream.DeliveryHealth;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/**
 * {@code GET /healthz} for load balancers: the process answers, and delivers to the devices that are connected. How its parts
 * are is {@code /q/health} of the admin listener.
 */
@ApplicationScoped
public class HealthRoute {
    private static final int UNAVAILABLE = 503;

    private final DeliveryHealth delivery;

    @Inject
    public HealthRoute(DeliveryHealth delivery) {
        this.delivery = delivery;
    }

    void register(@Observes Router router) {
        router.get("/healthz").handler(context -> {
            var response = context.response()
                    .putHeader("Content-Type", "application/json")
                    .putHeader("Cache-Control", "no-store");
            if (delivery.isDelivering()) {
                response.end("{\"status\":\"ok\"}");
            } else {
                response.setStatusCode(UNAVAILABLE).end("{\"status\":\"not delivering\"}");
            }
        });
    }
}
