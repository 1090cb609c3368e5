package dev.sluice.functions.emulator;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
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
    private final FunctionCode code;
    private final Map<String, String> environment;
    private final Duration timeout;
    private final Redirect log;
    private int atMost = Integer.MAX_VALUE;
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
     * @param environment what is set of the function
     * @param timeout after which an invocation is ended, with its instance
     * @param log takes what the instances say
     */
    public LambdaService(FunctionCode code, Map<String, String> environment, Duration timeout, Redirect log) {
        this.code = code;
        this.environment = Map.copyOf(environment);
        this.timeout = timeout;
        this.log = log;
    }

    /** Has so many instances at the most from now on; events beyond wait. */
    public synchronized LambdaService limit(int instances) {
        atMost = instances;
        return this;
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
        try {
            while (free.isEmpty() && all.size() == atMost) {
                wait();
            }
            if (!free.isEmpty()) {
                return free.removeLast();
            }
            var instance = new FunctionInstance(code, environment, log);
            all.add(instance);
            return instance;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private synchronized void giveBack(FunctionInstance instance) {
        notifyAll();
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

    /** Ends its instances as processes are asked to end. */
    public synchronized void stop() {
        all.forEach(FunctionInstance::stop);
        all.clear();
        free.clear();
    }

    @Override
    public synchronized void close() {
        all.forEach(FunctionInstance::close);
    }
}
