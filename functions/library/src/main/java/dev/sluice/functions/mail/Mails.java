package dev.sluice.functions.mail;

import dev.sluice.functions.sql.Transaction;
import java.util.UUID;

/** What is to be told to an account's admins: part of the transaction that it tells of. */
public final class Mails {
    private static final String TELL = """
            INSERT INTO outbound_mail (account_id, topic, subject, body)
            SELECT ?, ?, ?, ? WHERE NOT EXISTS (
                SELECT FROM outbound_mail
                WHERE account_id = ? AND topic = ? AND inserted_at > now() - interval '1 day')
            """;

    private Mails() {}

    /**
     * Tells them, unless something of the same topic was told within a day.
     *
     * @param topic of what it is; nobody reads it
     */
    public static void tell(Transaction transaction, UUID accountId, String topic, String subject, String text) {
        transaction.update(TELL, accountId, topic, subject, text, accountId, topic);
    }
}
