package dev.sluice.functions.billing;

import dev.sluice.functions.plan.Plans;
import dev.sluice.functions.sql.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What an account's admins are to see before something happens. */
final class Warning {
    private static final String ENDS = """
            SELECT ended_reason || ': the account is disabled at ' || to_char(ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')
                || ' UTC.' AS text
            FROM subscription WHERE account_id = ? AND ends_at IS NOT NULL
            """;

    private static final String SAY = "UPDATE account SET warning = ? WHERE id = ? AND warning IS DISTINCT FROM ?";

    private Warning() {}

    /** Says in the account what is to be said now, or that nothing is. Nothing is taken away by it. */
    static void say(Transaction transaction, UUID accountId) {
        List<String> sentences = new ArrayList<>();
        transaction.first(ENDS, row -> row.text("text"), accountId).ifPresent(sentences::add);
        List<String> exceeded = Plans.exceeded(transaction, accountId);
        if (!exceeded.isEmpty()) {
            sentences.add("There is more than the account's plan has room for: " + String.join(", ", exceeded) + ".");
        }
        var warning = sentences.isEmpty() ? null : String.join(" ", sentences);
        transaction.update(SAY, warning, accountId, warning);
    }
}
