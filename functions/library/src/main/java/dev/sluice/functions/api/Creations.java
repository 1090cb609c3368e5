package dev.sluice.functions.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a POST once, however often it comes: whoever had no answer sends it again with the same
 * {@code Idempotency-Key}, within a day, and gets the answer that they would have had. The key is kept in the transaction of
 * what it stands for.
 */
@ApplicationScoped
public class Creations {
    public static final String KEY_HEADER = "Idempotency-Key";

    /** On an answer that was given before. */
    private static final String REPLAYED_HEADER = "Idempotency-Replayed";

    private static final int LONGEST_KEY = 255;

    /** Who comes with the same key at the same time waits here for the first one's end; one that is too old stands for nothing. */
    private static final String KEEP = """
            INSERT INTO idempotency_key AS kept (account_id, key, request) VALUES (?, ?, ?)
            ON CONFLICT (account_id, key) DO UPDATE
                SET request = excluded.request, object_id = NULL, answer = NULL, at = now()
                WHERE kept.at < now() - interval '24 hours'
            """;

    private record Earlier(
            String request, UUID object, @Nullable String answer) {}

    private final Transactions transactions;
    private final CurrentRequest request;
    private final ObjectMapper json;

    @Inject
    Creations(Transactions transactions, CurrentRequest request, ObjectMapper json) {
        this.transactions = transactions;
        this.request = request;
        this.json = json;
    }

    /**
     * Creates something.
     *
     * @param key what the request's {@link #KEY_HEADER} says; null if it has none
     * @param collection the path of which the new thing is a part
     * @param body what was asked for
     * @param work creates it
     */
    public <V extends View> RestResponse<Envelope.One<V>> create(
            @Nullable String key, String collection, Object body, Function<Transaction, V> work) {
        if (key == null) {
            return created(
                    collection, transactions.inAccount(request.accountId()).call(work));
        }
        if (key.isEmpty() || key.length() > LONGEST_KEY) {
            throw RequestException.argument(
                    KEY_HEADER, "'" + KEY_HEADER + "' has 1 to " + LONGEST_KEY + " characters.");
        }
        UUID account = request.accountId();
        String asked = collection + " " + digest(write(body));
        return transactions.inAccount(account).call(transaction -> {
            transaction.list("SELECT forget_idempotency_keys()", row -> true);
            if (transaction.update(KEEP, account, key, asked) == 0) {
                return replayed(collection, asked, earlier(transaction, account, key));
            }
            V made = work.apply(transaction);
            Envelope.One<V> answer = new Envelope.One<>(made);
            transaction.update(
                    "UPDATE idempotency_key SET object_id = ?, answer = ?::json WHERE account_id = ? AND key = ?",
                    made.id(),
                    made.isSecret() ? null : write(answer),
                    account,
                    key);
            return created(collection, made);
        });
    }

    private static Earlier earlier(Transaction transaction, UUID account, String key) {
        return transaction.one(
                "SELECT request, object_id, answer FROM idempotency_key WHERE account_id = ? AND key = ?",
                row -> new Earlier(row.text("request"), row.id("object_id"), row.optionalText("answer")),
                account,
                key);
    }

    /** What was answered then, as it was kept. */
    @SuppressWarnings("unchecked")
    private <V extends View> RestResponse<Envelope.One<V>> replayed(String collection, String asked, Earlier earlier) {
        if (!earlier.request().equals(asked)) {
            throw RequestException.argument(
                    KEY_HEADER,
                    "'" + KEY_HEADER + "' stands for another request of the last 24 hours. Take a new one.");
        }
        if (earlier.answer() == null) {
            throw RequestException.conflict("This was done: it has the id " + earlier.object()
                    + ". Its secret was shown once, and is kept nowhere.");
        }
        return (RestResponse<Envelope.One<V>>) (RestResponse<?>)
                RestResponse.ResponseBuilder.<Object>create(RestResponse.Status.CREATED, read(earlier.answer()))
                        .location(URI.create(collection + "/" + earlier.object()))
                        .header(REPLAYED_HEADER, "true")
                        .build();
    }

    /** The answer to a creation that nothing has to keep. */
    public static <V extends View> RestResponse<Envelope.One<V>> created(String collection, V view) {
        return RestResponse.ResponseBuilder.create(RestResponse.Status.CREATED, new Envelope.One<>(view))
                .location(URI.create(collection + "/" + view.id()))
                .header(HttpHeaders.ETAG, Expected.tag(view.version()))
                .build();
    }

    private JsonNode read(String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
