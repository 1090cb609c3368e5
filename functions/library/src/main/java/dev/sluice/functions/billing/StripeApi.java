package dev.sluice.functions.billing;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.net.RequestOptions;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.CustomerUpdateParams;
import com.stripe.param.SubscriptionCreateParams;
import com.stripe.param.SubscriptionListParams;
import com.stripe.param.billingportal.SessionCreateParams;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What the portal asks of Stripe: integrations.md, section 1.2. */
@ApplicationScoped
public class StripeApi {
    private static final int TOO_MANY = 429;
    private static final int ATTEMPTS = 3;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(2);

    private final BillingSettings settings;
    private final StripeClient client;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @Inject
    public StripeApi(BillingSettings settings) {
        this.settings = settings;
        this.client = StripeClient.builder()
                .setApiKey(settings.secretKey().orElse("none"))
                .setApiBase(settings.apiBase().toString().replaceFirst("/+$", ""))
                .setConnectTimeout((int) CONNECT_WITHIN.toMillis())
                .setMaxNetworkRetries(0)
                .build();
    }

    /** Requests that are answered by then, all together, or fail. */
    Requests within(Duration time) {
        return new Requests(System.nanoTime() + time.toNanos());
    }

    @FunctionalInterface
    private interface Call<T> {
        T of(RequestOptions options) throws StripeException;
    }

    /** Each fails with a {@link StripeFailure}. Where there is time, what Stripe has too much of is asked again. */
    final class Requests {
        private final long deadline;

        private Requests(long deadline) {
            this.deadline = deadline;
        }

        Customer customer(String id) {
            var customer = ask(null, options -> client.v1().customers().retrieve(id, options));
            return new Customer(
                    customer.getId(),
                    customer.getName(),
                    customer.getEmail(),
                    metadata(customer.getMetadata()),
                    Boolean.TRUE.equals(customer.getDeleted()));
        }

        /** That which counts: the newest that goes on, else the newest. */
        Optional<Subscription> subscription(String customerId) {
            var all = ask(
                    null,
                    options -> client.v1()
                            .subscriptions()
                            .list(
                                    SubscriptionListParams.builder()
                                            .setCustomer(customerId)
                                            .setStatus(SubscriptionListParams.Status.ALL)
                                            .setLimit(100L)
                                            .build(),
                                    options));
            return all.getData().stream()
                    .map(StripeApi::subscription)
                    .max(Comparator.<Subscription, Boolean>comparing(
                                    subscription -> !Subscription.DELETED.equals(subscription.ended()))
                            .thenComparing(Subscription::created));
        }

        Product product(String id) {
            var product = ask(null, options -> client.v1().products().retrieve(id, options));
            return new Product(product.getId(), product.getName(), metadata(product.getMetadata()));
        }

        /** @param key by which Stripe knows the same request again */
        Customer createCustomer(String name, @Nullable String email, Map<String, String> metadata, String key) {
            var created = ask(
                    key,
                    options -> client.v1()
                            .customers()
                            .create(
                                    CustomerCreateParams.builder()
                                            .setName(name)
                                            .setEmail(email)
                                            .setMetadata(metadata)
                                            .build(),
                                    options));
            return new Customer(created.getId(), name, email, metadata, false);
        }

        void updateCustomer(String id, Map<String, String> metadata) {
            ask(
                    null,
                    options -> client.v1()
                            .customers()
                            .update(
                                    id,
                                    CustomerUpdateParams.builder()
                                            .setMetadata(metadata)
                                            .build(),
                                    options));
        }

        /** To what new accounts subscribe. */
        void createSubscription(String customerId, String key) {
            var item = SubscriptionCreateParams.Item.builder()
                    .setPrice(settings.defaultPrice().orElseThrow())
                    .build();
            ask(
                    key,
                    options -> client.v1()
                            .subscriptions()
                            .create(
                                    SubscriptionCreateParams.builder()
                                            .setCustomer(customerId)
                                            .addItem(item)
                                            .build(),
                                    options));
        }

        /** Where a customer changes how and what they pay. */
        String portal(String customerId, String returnUrl) {
            var session = ask(
                    null,
                    options -> client.v1()
                            .billingPortal()
                            .sessions()
                            .create(
                                    SessionCreateParams.builder()
                                            .setCustomer(customerId)
                                            .setReturnUrl(returnUrl)
                                            .build(),
                                    options));
            return session.getUrl();
        }

        private <T> T ask(@Nullable String key, Call<T> call) {
            for (int attempt = 1; ; attempt++) {
                try {
                    return once(key, call);
                } catch (StripeException e) {
                    int status = Objects.requireNonNullElse(e.getStatusCode(), 0);
                    Duration pause = pause(attempt);
                    if (status != TOO_MANY || attempt > ATTEMPTS || left() <= pause.toMillis()) {
                        throw failure(e, status);
                    }
                    rest(pause);
                }
            }
        }

        /** A thread of its own can be left alone by whoever waits: who sends a byte at a time keeps it as long as they like. */
        private <T> T once(@Nullable String key, Call<T> call) throws StripeException {
            long millis = left();
            if (millis <= 0) {
                throw StripeFailure.passing("Stripe did not answer in time");
            }
            var options = RequestOptions.builder()
                    .setReadTimeout((int) millis)
                    .setIdempotencyKey(key)
                    .build();
            Future<T> answer = threads.submit(() -> call.of(options));
            try {
                return answer.get(millis, TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof StripeException refused) {
                    throw refused;
                }
                throw new IllegalStateException("a request to Stripe failed", e.getCause());
            } catch (TimeoutException e) {
                throw StripeFailure.passing("Stripe did not answer in time");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw StripeFailure.passing("interrupted");
            } finally {
                answer.cancel(true);
            }
        }

        private long left() {
            return TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
    }

    private static Subscription subscription(com.stripe.model.Subscription read) {
        var pause = read.getPauseCollection();
        return new Subscription(
                read.getId(),
                read.getStatus(),
                pause != null && "void".equals(pause.getBehavior()),
                read.getTrialEnd() == null ? null : Instant.ofEpochSecond(read.getTrialEnd()),
                metadata(read.getMetadata()),
                read.getItems().getData().stream()
                        .map(item -> new Subscription.Item(item.getPrice().getProduct(), item.getQuantity()))
                        .toList(),
                Instant.ofEpochSecond(read.getCreated()));
    }

    private static Map<String, String> metadata(@Nullable Map<String, String> read) {
        return read == null ? Map.of() : Map.copyOf(read);
    }

    /** 1 s, 2 s, 4 s and up to a tenth more. */
    private static Duration pause(int attempt) {
        long millis = 1000L << (attempt - 1);
        return Duration.ofMillis(Math.min(
                LONGEST_PAUSE.toMillis(), millis + ThreadLocalRandom.current().nextLong(millis / 10)));
    }

    private static void rest(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StripeFailure.passing("interrupted");
        }
    }

    /** A key that is refused is the operator's to mend, and what was asked goes well after that. */
    private static StripeFailure failure(StripeException refused, int status) {
        String text = "Stripe answered " + (status == 0 ? "nothing" : status) + " ("
                + Objects.requireNonNullElse(
                        refused.getCode(), refused.getClass().getSimpleName()) + ")";
        return switch (status) {
            case 400, 402, 404, 422 -> StripeFailure.lasting(text);
            default -> StripeFailure.passing(text);
        };
    }
}
