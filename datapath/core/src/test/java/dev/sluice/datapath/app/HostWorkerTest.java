package dev.sluice.datapath.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.datapath.io.route.HostRoutes;
import dev.sluice.datapath.io.route.HostRoutesException;
import dev.sluice.datapath.io.route.RouteSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostWorkerTest {
    private final StubbornRoutes routes = new StubbornRoutes();
    private final HostWorker worker = new HostWorker(routes);

    @AfterEach
    void stop() {
        worker.close();
    }

    @Test
    void shouldSayThatTheHostRefusesUntilItDoesNotAnyMore() throws Exception {
        routes.refusal = "not permitted";
        assertThatThrownBy(() -> worker.configureNow(RouteSettings.NONE)).hasMessage("not permitted");
        assertThat(worker.configured()).isFalse();

        look();
        assertThat(worker.trouble()).isEqualTo("not permitted");
        assertThat(worker.configured()).isFalse();

        routes.refusal = null;
        look();
        assertThat(worker.trouble()).isNull();
        assertThat(worker.configured()).isTrue();
    }

    @Test
    void shouldCountWhatItPutsBack() throws Exception {
        worker.configureNow(RouteSettings.NONE);
        routes.missing = List.of("a rule", "a route");
        look();
        routes.missing = List.of();
        look();

        assertThat(Metric.text(worker.metrics())).contains("sluice_routes_restored_total 2");
    }

    /** Returns when the worker, which has one thread, has looked. */
    private void look() throws Exception {
        CountDownLatch after = new CountDownLatch(1);
        worker.lookSoon("somebody");
        worker.every(Duration.ofMillis(1), after::countDown);
        assertThat(after.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private static final class StubbornRoutes implements HostRoutes {
        private volatile @Nullable String refusal;
        private volatile List<String> missing = List.of();

        @Override
        public void configure(RouteSettings settings) throws HostRoutesException {
            obey();
        }

        @Override
        public List<String> restore() throws HostRoutesException {
            obey();
            return missing;
        }

        @Override
        public List<String> notes() {
            return List.of();
        }

        @Override
        public boolean hasBarrier() {
            return true;
        }

        @Override
        public long stopped() {
            return 0;
        }

        @Override
        public void close() {}

        private void obey() throws HostRoutesException {
            if (refusal != null) {
                throw new HostRoutesException(refusal);
            }
        }
    }
}
