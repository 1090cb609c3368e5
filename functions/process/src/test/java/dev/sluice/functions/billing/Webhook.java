package dev.sluice.functions.billing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** Stripe, as it calls the portal. */
public record Webhook(URI portal) {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Tells of an event, as signed by the first secret. */
    int tell(String event) throws Exception {
        return tell(event, StripeStandIn.sign(event)).statusCode();
    }

    /** Tells of an event until it is taken. */
    public void insist(String event) throws Exception {
        int status;
        do {
            status = tell(event);
        } while (status == 503);
        if (status != 200) {
            throw new IllegalStateException("refused: " + status);
        }
    }

    HttpResponse<String> tell(String event, @Nullable String signature) throws Exception {
        var request = HttpRequest.newBuilder(portal.resolve("/integrations/stripe/webhooks"))
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(event));
        if (signature != null) {
            request.header("Stripe-Signature", signature);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
