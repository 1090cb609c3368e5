package dev.sluice.functions.directory.sync;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Speaks the API of a provider as far as the portal asks it, over HTTP, and remembers what it was asked. */
public abstract class ProviderStandIn implements AutoCloseable {
    protected static final ObjectMapper JSON = new ObjectMapper();

    /** Somebody, as a provider has them. */
    public record Person(String id, @Nullable String name, boolean active) {}

    /** An answer. */
    public record Answer(int status, String body) {}

    protected final Map<String, Person> people = new LinkedHashMap<>();
    protected final Map<String, String> groups = new LinkedHashMap<>();
    protected final Map<String, Set<String>> members = new LinkedHashMap<>();

    private final HttpServer server;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Semaphore over = new Semaphore(0);
    private int pageSize = 100;
    private volatile int failing;
    private volatile int left;
    private volatile @Nullable String garbage;
    private volatile boolean endless;
    private volatile boolean repeating;

    protected ProviderStandIn() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    /** Where it listens. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public synchronized void person(String id, String name, boolean active) {
        people.put(id, new Person(id, name, active));
    }

    public synchronized void removePerson(String id) {
        people.remove(id);
        members.values().forEach(of -> of.remove(id));
    }

    public synchronized void group(String id, String name, String... of) {
        groups.put(id, name);
        members.put(id, new LinkedHashSet<>(List.of(of)));
    }

    public synchronized void removeGroup(String id) {
        groups.remove(id);
        members.remove(id);
    }

    /** All that was asked: method and path. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    public void forgetRequests() {
        requests.clear();
    }

    public void pageSize(int size) {
        pageSize = size;
    }

    /** It answers so many requests with this status. */
    public void fail(int status, int times) {
        failing = status;
        left = times;
    }

    /** It answers everything with this. */
    public void answer(String body) {
        garbage = body;
    }

    /** It begins to answer, and never ends. */
    public void dribble() {
        endless = true;
    }

    /** Its pages lead back to the first. */
    public void repeat() {
        repeating = true;
    }

    public void recover() {
        failing = 0;
        left = 0;
        garbage = null;
        endless = false;
        repeating = false;
    }

    @Override
    public void close() {
        over.release(1_000_000);
        server.stop(0);
    }

    /** Its error, in its own form. */
    protected abstract String error(int status);

    /** What it says to a request. */
    protected abstract Answer answer(String method, String path, Map<String, String> query, String body);

    /** A part of a list. */
    public record Part(List<ObjectNode> rows, @Nullable String next) {}

    /** The part of a list behind a position. */
    protected Part part(List<ObjectNode> all, @Nullable String after) {
        int from = after == null ? 0 : Integer.parseInt(after);
        int to = Math.min(all.size(), from + pageSize);
        String next = to < all.size() ? Integer.toString(to) : null;
        return new Part(new ArrayList<>(all.subList(from, to)), repeating ? "0" : next);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            URI uri = exchange.getRequestURI();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(exchange.getRequestMethod() + " " + uri.getPath());
            Answer answer;
            synchronized (this) {
                if (left > 0) {
                    left--;
                    answer = new Answer(failing, error(failing));
                    exchange.getResponseHeaders().add("Retry-After", "1");
                } else if (garbage != null) {
                    answer = new Answer(200, garbage);
                } else {
                    answer = answer(exchange.getRequestMethod(), uri.getPath(), query(uri), body);
                }
            }
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), endless ? 0 : bytes.length == 0 ? -1 : bytes.length);
            if (endless) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
                over.acquireUninterruptibly();
            }
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new LinkedHashMap<>();
        if (uri.getRawQuery() != null) {
            for (String part : uri.getRawQuery().split("&", -1)) {
                int equals = part.indexOf('=');
                query.put(
                        URLDecoder.decode(part.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return query;
    }
}
