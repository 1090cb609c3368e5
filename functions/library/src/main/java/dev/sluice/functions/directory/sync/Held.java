package dev.sluice.functions.directory.sync;

/** What a plan takes away because it is not mentioned any more: of users, of groups, and of memberships. */
enum Held {
    USER(
            "user",
            "h.group_id IS NULL AND h.actor_id = absent.actor_id",
            """
            SELECT NULL::uuid AS group_id, u.id AS actor_id FROM directory_user u
            WHERE u.account_id = ? AND u.directory_id = ?
              AND (u.told_at IS NULL OR u.told_at <= (
                SELECT begun_at FROM directory_progress p WHERE p.directory_id = u.directory_id))
              AND NOT EXISTS (
                SELECT FROM staged_user s WHERE s.directory_id = u.directory_id AND s.external_id = u.external_id)
            """,
            "SELECT count(*) FROM directory_user WHERE account_id = ? AND directory_id = ?"),

    GROUP(
            "group",
            "h.group_id = absent.group_id AND h.actor_id IS NULL",
            """
            SELECT g.id AS group_id, NULL::uuid AS actor_id FROM directory_group g
            WHERE g.account_id = ? AND g.directory_id = ? AND NOT EXISTS (
                SELECT FROM staged_group s WHERE s.directory_id = g.directory_id AND s.external_id = g.external_id)
            """,
            "SELECT count(*) FROM directory_group WHERE account_id = ? AND directory_id = ?"),

    /** Of users and groups that are mentioned: what the others have goes with them. */
    MEMBER("member", "h.group_id = absent.group_id AND h.actor_id = absent.actor_id", """
            SELECT m.group_id, m.actor_id FROM membership m
            JOIN directory_group g ON g.account_id = m.account_id AND g.id = m.group_id
            JOIN directory_user u ON u.account_id = m.account_id AND u.id = m.actor_id AND u.directory_id = g.directory_id
            WHERE m.account_id = ? AND g.directory_id = ?
              AND EXISTS (SELECT FROM staged_group s WHERE s.directory_id = g.directory_id AND s.external_id = g.external_id)
              AND EXISTS (SELECT FROM staged_user s WHERE s.directory_id = u.directory_id AND s.external_id = u.external_id)
              AND NOT EXISTS (SELECT FROM staged_member s WHERE s.directory_id = g.directory_id
                              AND s.group_external_id = g.external_id AND s.user_external_id = u.external_id)
            """, """
            SELECT count(*) FROM membership m JOIN directory_group g ON g.account_id = m.account_id AND g.id = m.group_id
            WHERE m.account_id = ? AND g.directory_id = ?
            """);

    private final String word;
    private final String same;
    private final String absent;
    private final String all;

    Held(String word, String same, String absent, String all) {
        this.word = word;
        this.same = same;
        this.absent = absent;
        this.all = all;
    }

    /** As in the database. */
    String word() {
        return word;
    }

    /** Whether a row {@code h} of those held is the same as {@code absent}: by what an index and a hash can find it. */
    String same() {
        return same;
    }

    /** Selects {@code group_id} and {@code actor_id} of what is there and not staged: of an account, and a directory. */
    String absent() {
        return absent;
    }

    /** Counts what is there. */
    String all() {
        return all;
    }
}
