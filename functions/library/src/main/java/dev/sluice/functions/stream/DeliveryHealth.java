package dev.sluice.functions.stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Default;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether devices are told what happens: a portal that does not deliver should get no new ones. */
@Default
@Readiness
@ApplicationScoped
public class DeliveryHealth implements HealthCheck {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private volatile long passedAt = System.nanoTime();

    /** A pass of the delivery has completed. */
    void passed(long now) {
        passedAt = now;
    }

    public boolean isDelivering() {
        return isDelivering(System.nanoTime());
    }

    boolean isDelivering(long now) {
        return now - passedAt < PATIENCE.toNanos();
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("delivery").status(isDelivering()).build();
    }
}
