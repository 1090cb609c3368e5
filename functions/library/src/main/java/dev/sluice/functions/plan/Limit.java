package dev.sluice.functions.plan;

import java.util.Arrays;
import java.util.Optional;

/** What there may be so many of. */
public enum Limit {
    /** Enabled people, admins too. */
    USERS(
            "users",
            "users",
            "SELECT count(*) FROM actor WHERE account_id = ? AND type IN ('user', 'admin') AND disabled_at IS NULL"),

    /** Enabled people of whom a client has connected within a month. */
    MONTHLY_ACTIVE_USERS("monthly_active_users", "monthly active users", """
            SELECT count(*) FROM actor a
            WHERE a.account_id = ? AND a.type IN ('user', 'admin') AND a.disabled_at IS NULL
              AND EXISTS (SELECT FROM client c WHERE c.account_id = a.account_id AND c.actor_id = a.id
                          AND c.last_seen_at > now() - interval '1 month')
            """),

    SERVICE_ACCOUNTS(
            "service_accounts",
            "service accounts",
            "SELECT count(*) FROM actor WHERE account_id = ? AND type = 'service_account' AND disabled_at IS NULL"),

    /** Enabled ones. */
    ACCOUNT_ADMIN_USERS(
            "account_admin_users",
            "admins",
            "SELECT count(*) FROM actor WHERE account_id = ? AND type = 'admin' AND disabled_at IS NULL"),

    /** Without that of the internet resource, which every account has. */
    SITES("gateway_groups", "sites", "SELECT count(*) FROM site WHERE account_id = ? AND managed_by = 'account'");

    private final String word;
    private final String plural;
    private final String counting;

    /** @param counting has the account as its one parameter */
    Limit(String word, String plural, String counting) {
        this.word = word;
        this.plural = plural;
        this.counting = counting;
    }

    /** As the API and the database name it. */
    public String word() {
        return word;
    }

    /** As people name what is counted. */
    String plural() {
        return plural;
    }

    String counting() {
        return counting;
    }

    /** That of a plan's metadata: {@code users_count} and the like; {@code sites_count} since 2026. */
    public static Optional<Limit> ofMetadata(String key) {
        return key.equals("sites_count")
                ? Optional.of(SITES)
                : Arrays.stream(values())
                        .filter(limit -> key.equals(limit.word + "_count"))
                        .findFirst();
    }
}
