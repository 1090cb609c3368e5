package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "billing",
        description = {
            "Show what an account has subscribed to, how much of it is used, and what Stripe has said last.",
            "Where the portal bills nobody, there is nothing of it."
        })
final class BillingCommand implements Callable<Integer> {
    private static final String ACCOUNT = "/account";
    private static final String BILLING = "/account/billing";
    private static final String SESSIONS = "/account/billing/sessions";

    private static final Columns PLAN = Columns.of(
            "plan",
            "status",
            "trial_ends_at",
            "ended_reason",
            "ends_at",
            "customer_id",
            "billing_email",
            "support_type",
            "read_at");

    private static final Columns USE = Columns.of("limit", "used", "available", "total");
    private static final Columns EVENTS = Columns.of("created_at", "type", "outcome", "id");

    private final Session session;

    @Mixin
    Output output;

    @Mixin
    Where where;

    @Option(
            names = "--open",
            paramLabel = "RETURN_URL",
            description =
                    "Print the address of Stripe's page on which whoever pays changes how and what, and comes back from"
                            + " to RETURN_URL.")
    @Nullable String returnUrl;

    BillingCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var account = session.scope().account(where.account);
        if (returnUrl != null) {
            ObjectNode body = Api.JSON.createObjectNode();
            body.putObject("session").put("return_url", returnUrl);
            return session.print(output, account.api().post(SESSIONS, body));
        }
        JsonNode billing = account.api().get(BILLING);
        JsonNode own = account.api().get(ACCOUNT);
        if (output.json) {
            ObjectNode both = Api.JSON.createObjectNode();
            both.set("account", own);
            both.set("billing", billing);
            return session.print(output, both);
        }
        session.print(output, PLAN, billing);
        session.print(output, Columns.of("features", "warning", "disabled_reason"), own);
        session.line("");
        var uses = Api.JSON.createArrayNode();
        own.path("limits").properties().forEach(limit -> {
            ObjectNode use = limit.getValue().deepCopy();
            uses.add(use.put("limit", limit.getKey().replace('_', ' ')));
        });
        session.table(USE, uses);
        session.line("");
        session.table(EVENTS, billing.path("events"));
        return 0;
    }
}
