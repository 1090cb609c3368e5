package dev.sluice.functions.billing;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.RequestMethod;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.stripe.net.Webhook;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Speaks Stripe's API as far as the portal does, over HTTP, and remembers what it was told. */
public final class StripeStandIn implements AutoCloseable {
    public static final String SECRET = "whsec_of_the_tests";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ONE = Pattern.compile("/v1/(customers|products)/([A-Za-z0-9_]+)");
    private static final Pattern FIELD = Pattern.compile("([a-z_]+)\\[([a-z_]+)]");

    private final WireMockServer server;
    private final Map<String, ObjectNode> customers = new ConcurrentHashMap<>();
    private final Map<String, ObjectNode> products = new ConcurrentHashMap<>();
    private final Map<String, ObjectNode> subscriptions = new ConcurrentHashMap<>();
    private final Map<String, String> answered = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile int failing;
    private volatile int left;
    private volatile boolean dribbling;
    private volatile int slowest;
    private int number;

    /** Listens on a port of its own. */
    public StripeStandIn() {
        server = new WireMockServer(WireMockConfiguration.options()
                .bindAddress("127.0.0.1")
                .dynamicPort()
                .extensions(new Answers()));
        server.start();
        server.stubFor(any(anyUrl()).willReturn(aResponse().withTransformers("stripe")));
    }

    /** Where it listens. */
    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /** All that was asked: method and path. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    void forgetRequests() {
        requests.clear();
    }

    /** It answers all requests with this status, or so many. */
    void fail(int status, int times) {
        failing = status;
        left = times;
    }

    /** It answers, a byte at a time. */
    void dribble(boolean whether) {
        dribbling = whether;
    }

    /** Each answer takes some time, up to this, after what it says was read. */
    void hesitate(int milliseconds) {
        slowest = milliseconds;
    }

    void recover() {
        slowest = 0;
        failing = 0;
        dribbling = false;
    }

    String product(String name, Map<String, String> metadata) {
        String id = next("prod");
        products.put(id, object("product", id).put("name", name).set("metadata", JSON.valueToTree(metadata)));
        return id;
    }

    /** Makes a customer, and says its id. */
    public String customer(String name, @Nullable String email, Map<String, String> metadata) {
        String id = next("cus");
        customers.put(
                id,
                object("customer", id)
                        .put("name", name)
                        .put("email", email)
                        .set("metadata", JSON.valueToTree(metadata)));
        return id;
    }

    ObjectNode ofCustomer(String id) {
        return customers.get(id);
    }

    /** Has a customer subscribe; what is said of it is changed in the result. */
    synchronized ObjectNode subscribe(String customer, String product, int quantity) {
        String id = next("sub");
        ObjectNode item = object("subscription_item", next("si")).put("quantity", quantity);
        item.set("price", object("price", "price_1").put("product", product));
        ObjectNode subscription = object("subscription", id)
                .put("customer", customer)
                .put("status", "active")
                .put("created", Instant.now().getEpochSecond() + subscriptions.size());
        subscription.set("metadata", JSON.createObjectNode());
        subscription
                .putObject("items")
                .put("object", "list")
                .put("has_more", false)
                .putArray("data")
                .add(item);
        subscriptions.put(id, subscription);
        return subscription;
    }

    void forgetSubscription(String id) {
        subscriptions.remove(id);
    }

    /** That of the customer of this name. */
    public ObjectNode firstSubscriptionOf(String customerName) {
        return customers.values().stream()
                .filter(customer -> customer.path("name").asText().equals(customerName))
                .flatMap(customer -> subscriptionsOf(customer.path("id").asText()).stream())
                .findFirst()
                .orElseThrow();
    }

    List<ObjectNode> subscriptionsOf(String customer) {
        return subscriptions.values().stream()
                .filter(subscription -> subscription.path("customer").asText().equals(customer))
                .toList();
    }

    /** An event, as the webhook is told it. */
    public String event(String type, JsonNode object) {
        ObjectNode event = object("event", next("evt"))
                .put("type", type)
                .put("api_version", "2023-10-16")
                .put("created", Instant.now().getEpochSecond())
                .put("livemode", false);
        event.putObject("data").set("object", object);
        return event.toString();
    }

    static String sign(String body) {
        return sign(body, SECRET, Instant.now());
    }

    static String sign(String body, String secret, Instant at) {
        try {
            return Webhook.Signature.generateSignatureHeader(body, secret, at.getEpochSecond());
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop();
    }

    private synchronized String next(String kind) {
        return kind + "_" + ++number;
    }

    private static ObjectNode object(String kind, String id) {
        return JSON.createObjectNode().put("id", id).put("object", kind);
    }

    private final class Answers implements ResponseDefinitionTransformerV2 {
        @Override
        public String getName() {
            return "stripe";
        }

        @Override
        public boolean applyGlobally() {
            return false;
        }

        @Override
        public ResponseDefinition transform(ServeEvent served) {
            Request request = served.getRequest();
            URI uri = URI.create(request.getUrl());
            requests.add(request.getMethod() + " " + uri.getPath());
            if (!"Bearer sk_test_of_the_tests".equals(request.getHeader("Authorization"))) {
                return error(401, "the key is not known");
            }
            if (failing != 0 && left > 0) {
                left--;
                return error(failing, "as the test wants it");
            }
            String key = request.getHeader("Idempotency-Key");
            String body = request.getMethod().equals(RequestMethod.POST) && key != null
                    ? answered.computeIfAbsent(
                            key, first -> answer(request, uri).toString())
                    : answer(request, uri).toString();
            ResponseDefinitionBuilder response = body.equals("null")
                    ? ResponseDefinitionBuilder.like(error(404, "there is none"))
                    : aResponse()
                            .withStatus(200)
                            .withHeader("Content-Type", "application/json")
                            .withBody(body);
            if (slowest > 0) {
                response.withUniformRandomDelay(0, slowest);
            }
            return (dribbling ? response.withChunkedDribbleDelay(body.length(), 60_000) : response).build();
        }

        private static ResponseDefinition error(int status, String message) {
            return aResponse()
                    .withStatus(status)
                    .withBody("{\"error\":{\"type\":\"api_error\",\"message\":\"" + message + "\"}}")
                    .build();
        }

        private JsonNode answer(Request request, URI uri) {
            Map<String, String> form = form(
                    request.getMethod().equals(RequestMethod.POST) ? request.getBodyAsString() : uri.getRawQuery());
            Matcher one = ONE.matcher(uri.getPath());
            if (one.matches()) {
                ObjectNode found = (one.group(1).equals("customers") ? customers : products).get(one.group(2));
                if (found != null && request.getMethod().equals(RequestMethod.POST)) {
                    merge(found, form);
                }
                return JSON.valueToTree(found);
            }
            return switch (request.getMethod() + " " + uri.getPath()) {
                case "GET /v1/subscriptions" -> {
                    ObjectNode list =
                            JSON.createObjectNode().put("object", "list").put("has_more", false);
                    list.putArray("data").addAll(subscriptionsOf(form.getOrDefault("customer", "")));
                    yield list;
                }
                case "POST /v1/customers" -> {
                    String id = customer(form.get("name"), form.get("email"), Map.of());
                    merge(customers.get(id), form);
                    yield customers.get(id);
                }
                case "POST /v1/subscriptions" ->
                    subscribe(form.get("customer"), product("Starter", Map.of("users_count", "6")), 1);
                case "POST /v1/billing_portal/sessions" ->
                    object("billing_portal.session", next("bps"))
                            .put("url", "https://billing.stripe.example/" + form.get("customer"));
                default -> JSON.nullNode();
            };
        }
    }

    private static void merge(ObjectNode object, Map<String, String> form) {
        form.forEach((name, value) -> {
            Matcher field = FIELD.matcher(name);
            if (field.matches() && field.group(1).equals("metadata")) {
                ((ObjectNode) object.path("metadata")).put(field.group(2), value);
            } else if (!name.contains("[")) {
                object.put(name, value);
            }
        });
    }

    private static Map<String, String> form(@Nullable String text) {
        Map<String, String> form = new LinkedHashMap<>();
        for (String pair : text == null || text.isEmpty() ? new String[0] : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            form.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
        }
        return form;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
