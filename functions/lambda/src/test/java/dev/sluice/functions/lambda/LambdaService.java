package dev.sluice.functions.lambda;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

/**
 * A function, and what calls it, as hard as Lambda: an instance has one event at a time, as many are started as there are
 * events at once, and none runs between two events.
 */
final class LambdaService implements AutoCloseable {
    private static final Path APPLICATION = Path.of(System.getProperty("sluice.function", "target/quarkus-app"));

    private final Map<String, String> environment;
    private final Duration timeout;
    private final Path log;
    private final List<FunctionInstance> all = new ArrayList<>();
    private final List<FunctionInstance> free = new ArrayList<>();

    /** An event that a function refused, or failed at. */
    static final class FunctionError extends Exception {
        private static final long serialVersionUID = 1;

        FunctionError(String message) {
            super(message);
        }
    }

    LambdaService(Map<String, String> environment, Duration timeout, Path log) {
        this.environment = Map.copyOf(environment);
        this.timeout = timeout;
        this.log = log;
    }

    /** @throws FunctionError as whoever calls the function is told */
    byte[] invoke(byte[] event) throws FunctionError {
        var instance = take();
        try {
            instance.ready().join();
            return instance.invoke(event, timeout).join();
        } catch (CompletionException e) {
            throw new FunctionError(String.valueOf(e.getCause().getMessage()));
        } finally {
            giveBack(instance);
        }
    }

    private synchronized FunctionInstance take() {
        if (!free.isEmpty()) {
            return free.removeLast();
        }
        try {
            var instance = new FunctionInstance(APPLICATION.toAbsolutePath(), environment, log);
            all.add(instance);
            return instance;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized void giveBack(FunctionInstance instance) {
        if (instance.isAlive() && !instance.ready().isCompletedExceptionally()) {
            free.add(instance);
        } else {
            all.remove(instance);
            instance.close();
        }
    }

    synchronized List<FunctionInstance> instances() {
        return List.copyOf(all);
    }

    @Override
    public synchronized void close() {
        all.forEach(FunctionInstance::close);
    }
}
