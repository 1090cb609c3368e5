package dev.sluice.functions.console;

import dev.sluice.functions.auth.SignInSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Has every refusal of a sign-in take the same time: how long it took would tell whether there is such a person. */
@ApplicationScoped
class EvenRefusals {
    private final Duration after;

    @Inject
    EvenRefusals(SignInSettings settings) {
        this.after = settings.refusal();
    }

    /** Does what finds somebody, and waits if it finds nobody. */
    <T> Optional<T> attempt(Supplier<Optional<T>> finding) {
        long begin = System.nanoTime();
        Optional<T> found = finding.get();
        if (found.isEmpty()) {
            Duration left = after.minusNanos(System.nanoTime() - begin);
            try {
                Thread.sleep(left.isNegative() ? Duration.ZERO : left);
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            }
        }
        return found;
    }
}
