package dev.sluice.functions.emulator;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
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
public final class LambdaService implements AutoCloseable {
    private final Path application;
    private final String handler;
    private final Map<String, String> environment;
    private final Duration timeout;
    private final Redirect log;
    private final List<FunctionInstance> all = new ArrayList<>();
    private final List<FunctionInstance> free = new ArrayList<>();

    /** An event that a function refused, or failed at. */
    public static final class FunctionError extends Exception {
        private static final long serialVersionUID = 1;

        FunctionError(String message) {
            super(message);
        }
    }

    /**
     * @param application a directory with {@code quarkus-run.jar}
     * @param handler the class of its handler
     * @param environment what is set of the function
     * @param timeout after which an invocation is ended, with its instance
     * @param log takes what the instances say
     */
    public LambdaService(
            Path application, String handler, Map<String, String> environment, Duration timeout, Redirect log) {
        this.application = application.toAbsolutePath();
        this.handler = handler;
        this.environment = Map.copyOf(environment);
        this.timeout = timeout;
        this.log = log;
    }

    /** Starts instances before there is anything to do (provisioned concurrency), and returns once they are ready. */
    public void provision(int number) {
        List<FunctionInstance> started = new ArrayList<>();
        for (int n = 0; n < number; n++) {
            started.add(take());
        }
        started.forEach(instance -> instance.ready().join());
        started.forEach(this::giveBack);
    }

    /**
     * Has an instance answer an event.
     *
     * @throws FunctionError as whoever calls the function is told
     */
    public byte[] invoke(byte[] event) throws FunctionError {
        var instance = take();
        try {
            instance.ready().join();
            return instance.invoke(event, timeout).join();
        } catch (CompletionException e) {
            throw new FunctionError(String.valueOf(e.getCause()));
        } finally {
            giveBack(instance);
        }
    }

    private synchronized FunctionInstance take() {
        if (!free.isEmpty()) {
            return free.removeLast();
        }
        try {
            var instance = new FunctionInstance(application, handler, environment, log);
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

    public synchronized List<FunctionInstance> instances() {
        return List.copyOf(all);
    }

    @Override
    public synchronized void close() {
        all.forEach(FunctionInstance::close);
    }
}
