package dev.sluice.functions.billing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.functions.database.DatabaseTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What does not come from Stripe, or says nothing: it is told why, and nothing is done. */
@QuarkusTest
@TestProfile(BillingProfile.class)
@WithTestResource(DatabaseTestResource.class)
class StripeRefusalTest {
    private static final String TYPE = "invoice.paid";

    @TestHTTPResource("/")
    URI url;

    private final StripeStandIn stripe = BillingProfile.stripe();
    private final ObjectNode object = new ObjectMapper().createObjectNode();
    private Webhook webhook;

    @BeforeEach
    void forget() {
        webhook = new Webhook(url);
        stripe.forgetRequests();
    }

    @ParameterizedTest
    @CsvSource({
        "missing signature header,",
        "missing timestamp,v1=00",
        "missing timestamp,'t=soon,v1=00'",
        "missing signatures,t=1",
        "missing signatures,'t=1,v0=00'",
        "expired signature,'t=1,v1=00'",
        "expired signature,'t=99999999999,v1=00'",
    })
    void shouldSayWhatIsWrongWithASignature(String why, String header) throws Exception {
        var answer = webhook.tell(stripe.event(TYPE, object), header);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("Bad Request: " + why);
    }

    @Test
    void shouldTakeWhatOneOfTheSecretsHasSignedNow() throws Exception {
        String event = stripe.event(TYPE, object);
        Instant now = Instant.now();

        assertThat(webhook.tell(event, StripeStandIn.sign(event, "whsec_other", now))
                        .body())
                .isEqualTo("Bad Request: invalid signature");
        assertThat(webhook.tell(event + " ", StripeStandIn.sign(event)).body())
                .isEqualTo("Bad Request: invalid signature");
        for (Duration off : List.of(Duration.ofMinutes(6), Duration.ofMinutes(-6), Duration.ofDays(-10))) {
            assertThat(webhook.tell(event, StripeStandIn.sign(event, StripeStandIn.SECRET, now.minus(off)))
                            .body())
                    .isEqualTo("Bad Request: expired signature");
        }
        assertThat(webhook.tell(event, StripeStandIn.sign(event, BillingProfile.LATER_SECRET, now))
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "{\"id\":\"evt_1\",\"type\":\"x\",\"created\":\"now\",\"data\":{\"object\":{}}}",
                "{\"id\":\"evt_1\",\"type\":\"x\",\"created\":1,\"data\":null}",
                "{\"id\":1,\"type\":\"x\",\"created\":1,\"data\":{\"object\":{}}}",
            })
    void shouldRefuseWhatIsNoEvent(String body) throws Exception {
        var answer = webhook.tell(body, StripeStandIn.sign(body));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("Bad Request: no event");
    }

    @Test
    void shouldRefuseWhatIsTooDeepOrOfTheOtherMode() throws Exception {
        String deep = "[".repeat(100_000);
        assertThat(webhook.tell(deep, StripeStandIn.sign(deep)).body()).isEqualTo("Bad Request: no event");
        String live = stripe.event(TYPE, object).replace("\"livemode\":false", "\"livemode\":true");
        assertThat(webhook.tell(live, StripeStandIn.sign(live)).body()).isEqualTo("Bad Request: livemode mismatch");
    }
}
