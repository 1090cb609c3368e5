package dev.sluice.functions.emulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a function: a process that asks the Runtime API for one event after the other (Lambda's "Runtimes" API,
 * version 2018-06-01), and stands still while there is none.
 */
public final class FunctionInstance implements AutoCloseable {
    /** What an event and an answer may be. */
    public static final int LONGEST_PAYLOAD = 6 * 1024 * 1024;

    private static final String API = "/2018-06-01/runtime/";

    /** One event and its answer. */
    private record Invocation(String id, byte[] event, Instant deadline, CompletableFuture<byte[]> answer) {}

    private final HttpServer server;
    private final Process process;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final BlockingQueue<Invocation> waiting = new LinkedBlockingQueue<>();
    private volatile @Nullable Invocation current;
    private volatile boolean frozen;

    FunctionInstance(FunctionCode code, Map<String, String> environment, Redirect log) throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(API, this::handle);
        server.start();
        var builder =
                new ProcessBuilder(code.command()).redirectErrorStream(true).redirectOutput(log);
        builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_") || name.startsWith("AWS_"));
        builder.environment().putAll(environment);
        builder.environment()
                .put(
                        "AWS_LAMBDA_RUNTIME_API",
                        "127.0.0.1:" + server.getAddress().getPort());
        builder.environment().putAll(code.environment());
        builder.environment().put("AWS_LAMBDA_FUNCTION_NAME", "sluice");
        builder.environment().put("AWS_LAMBDA_FUNCTION_VERSION", "1");
        builder.environment().put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024");
        process = builder.start();
        process.onExit().thenRun(this::ended);
    }

    /** Completes once it asks for its first event, or fails if it cannot start. */
    public CompletableFuture<Void> ready() {
        return ready;
    }

    public long pid() {
        return process.pid();
    }

    /** Whether it stands still. */
    public boolean isFrozen() {
        return frozen;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Has it answer an event; fails with what it says if it cannot, and when its time is over, which ends it. */
    CompletableFuture<byte[]> invoke(byte[] event, Duration timeout) {
        var invocation = new Invocation(
                UUID.randomUUID().toString(), event, Instant.now().plus(timeout), new CompletableFuture<>());
        waiting.add(invocation);
        Thread.ofVirtual().start(() -> {
            try {
                invocation
                        .answer()
                        .copy()
                        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                        .join();
            } catch (RuntimeException e) {
                if (!invocation.answer().isDone()) {
                    process.destroyForcibly();
                }
            }
        });
        return invocation.answer();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().substring(API.length());
            if (path.equals("invocation/next")) {
                next(exchange);
            } else if (path.equals("init/error")) {
                ready.completeExceptionally(new IllegalStateException(text(exchange)));
                answer(exchange, 202);
            } else {
                String[] parts = path.split("/");
                var invocation = current;
                if (parts.length != 3 || invocation == null || !parts[1].equals(invocation.id())) {
                    answer(exchange, 400);
                    return;
                }
                byte[] body = exchange.getRequestBody().readAllBytes();
                if (parts[2].equals("error")) {
                    invocation
                            .answer()
                            .completeExceptionally(new IllegalStateException(new String(body, StandardCharsets.UTF_8)));
                    answer(exchange, 202);
                } else if (body.length > LONGEST_PAYLOAD) {
                    invocation.answer().completeExceptionally(new IllegalStateException("the answer is too long"));
                    answer(exchange, 413);
                } else {
                    invocation.answer().complete(body);
                    answer(exchange, 202);
                }
            }
        }
    }

    private void next(HttpExchange exchange) throws IOException {
        ready.complete(null);
        Invocation invocation = waiting.poll();
        if (invocation == null) {
            freeze();
            try {
                invocation = waiting.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            frozen = false;
            signal("CONT");
        }
        current = invocation;
        var headers = exchange.getResponseHeaders();
        headers.add("Content-Type", "application/json");
        headers.add("Lambda-Runtime-Aws-Request-Id", invocation.id());
        headers.add(
                "Lambda-Runtime-Deadline-Ms",
                Long.toString(invocation.deadline().toEpochMilli()));
        headers.add("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:123456789012:function:sluice");
        headers.add("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0");
        exchange.sendResponseHeaders(200, invocation.event().length);
        exchange.getResponseBody().write(invocation.event());
    }

    /** Its threads stop one after the other. */
    private void freeze() throws IOException {
        signal("STOP");
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        while (process.isAlive() && !Files.readString(status).contains("State:\tT")) {
            Thread.onSpinWait();
        }
        frozen = true;
    }

    private static String text(HttpExchange exchange) throws IOException {
        return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ended() {
        ready.completeExceptionally(new IllegalStateException("it ended before its first event"));
        var invocation = current;
        if (invocation != null) {
            invocation.answer().completeExceptionally(new IllegalStateException("Runtime.ExitError"));
        }
        waiting.forEach(left -> left.answer().completeExceptionally(new IllegalStateException("Runtime.ExitError")));
    }

    /** Ends it as a process is asked to end, and returns once it has. */
    void stop() {
        process.destroy();
        try {
            // It may be about to stand still.
            do {
                signal("CONT");
            } while (!process.waitFor(100, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        server.stop(0);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
        server.stop(0);
    }
}
