package dev.sluice.functions.console;

import dev.sluice.functions.sql.Transaction;
import java.util.List;
import java.util.UUID;

/**
 * Something that goes on only when an admin has decided.
 *
 * @param what it is, in words
 * @param page on which it is decided, below the account's
 */
public record Waiting(String what, String page) {
    /** What directories do not mention any more, and whose clients nobody knows where a policy asks for that. */
    private static final String WAITING = """
            SELECT d.name || ' does not mention ' || count(*) || ' people, groups and memberships any more' AS what,
                   'directories/' || d.id || '/held' AS page
            FROM directory_held h JOIN directory d ON d.account_id = h.account_id AND d.id = h.directory_id
            WHERE h.account_id = ? AND NOT h.kept GROUP BY d.id, d.name
            UNION ALL
            SELECT 'A policy asks for verified clients, and ' || unverified.many || ' are not', 'clients'
            FROM (SELECT count(*) AS many FROM client WHERE account_id = ? AND verified_at IS NULL) AS unverified
            WHERE unverified.many > 0 AND EXISTS (
                SELECT FROM policy WHERE account_id = ? AND disabled_at IS NULL
                  AND conditions @> '[{"property": "client_verified"}]')
            UNION ALL
            SELECT warning, 'billing' FROM account WHERE id = ? AND warning IS NOT NULL
            """;

    static List<Waiting> read(Transaction transaction, UUID account) {
        return transaction.list(
                WAITING, row -> new Waiting(row.text("what"), row.text("page")), account, account, account, account);
    }
}
