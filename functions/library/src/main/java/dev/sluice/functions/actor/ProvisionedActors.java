package dev.sluice.functions.actor;

import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.TypedArray;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The people whom a directory has made, as many at once as it names. No limit of a plan keeps them out: that would leave
 * somebody in whom the directory has taken out.
 */
public final class ProvisionedActors {
    /** Nobody becomes somebody else by an address: who has it keeps it, and the other is without. */
    private static final String FREE_EMAIL = """
            CASE WHEN row_number() OVER (PARTITION BY p.email ORDER BY p.id) = 1 AND NOT EXISTS (
                SELECT FROM actor a WHERE a.account_id = ? AND a.email = p.email AND a.id <> p.id) THEN p.email END
            """;

    private static final String WANTED =
            "FROM unnest(?::uuid[], ?::text[], ?::text[], ?::boolean[]) AS p (id, name, email, active)";

    private static final String ADD =
            "INSERT INTO actor (id, account_id, type, name, email, disabled_at, directory_id) SELECT p.id, ?, 'user', p.name, "
                    + FREE_EMAIL + ", CASE WHEN NOT p.active THEN now() END, ? " + WANTED;

    private static final String CHANGE = "UPDATE actor SET name = w.name, email = w.email FROM (SELECT p.id, p.name, "
            + FREE_EMAIL + " AS email " + WANTED + ") AS w WHERE actor.account_id = ? AND actor.id = w.id"
            + " AND (actor.name, actor.email) IS DISTINCT FROM (w.name, w.email)";

    private static final String DISABLE =
            "UPDATE actor SET disabled_at = now() WHERE account_id = ? AND id = ANY (?::uuid[]) AND disabled_at IS NULL";

    private static final String ENABLE =
            "UPDATE actor SET disabled_at = NULL WHERE account_id = ? AND id = ANY (?::uuid[]) AND disabled_at IS NOT NULL";

    private static final String DELETE = "DELETE FROM actor WHERE account_id = ? AND id = ANY (?::uuid[])";

    private static final String RELEASE =
            "UPDATE actor SET directory_id = NULL WHERE account_id = ? AND directory_id = ?";

    /** Those without whom the account would have nobody to administer it. */
    private static final String LAST_ADMINS = """
            SELECT id FROM actor WHERE account_id = ? AND id = ANY (?::uuid[]) AND type = 'admin' AND disabled_at IS NULL
              AND NOT EXISTS (SELECT FROM actor other WHERE other.account_id = ? AND other.type = 'admin'
                              AND other.disabled_at IS NULL AND other.id <> ALL (?::uuid[]))
            """;

    /** @param email null for none */
    public record Wanted(UUID id, String name, @Nullable String email, boolean active) {}

    private ProvisionedActors() {}

    /** Adds people. Who is not active is disabled. */
    public static void add(Transaction transaction, UUID accountId, UUID directoryId, List<Wanted> people) {
        transaction.update(
                ADD, accountId, accountId, directoryId, ids(people), names(people), emails(people), active(people));
    }

    /** Gives people their names and addresses, and leaves alone who has them. */
    public static void change(Transaction transaction, UUID accountId, List<Wanted> people) {
        transaction.update(CHANGE, accountId, ids(people), names(people), emails(people), active(people), accountId);
    }

    /** Disables people: all that they have ends. The account's turn is taken before. */
    public static void disable(Transaction transaction, UUID accountId, Collection<UUID> ids) {
        transaction.update(DISABLE, accountId, TypedArray.ofIds(ids));
    }

    /** The account's turn is taken before. */
    public static void enable(Transaction transaction, UUID accountId, Collection<UUID> ids) {
        transaction.update(ENABLE, accountId, TypedArray.ofIds(ids));
    }

    /** Deletes people, with all that they have. The account's turn is taken before. */
    public static void delete(Transaction transaction, UUID accountId, Collection<UUID> ids) {
        transaction.update(DELETE, accountId, TypedArray.ofIds(ids));
    }

    /** Makes a directory's people the account's own. */
    public static void release(Transaction transaction, UUID accountId, UUID directoryId) {
        transaction.update(RELEASE, accountId, directoryId);
    }

    /** Who of these cannot go, since with them all the account's admins would have gone. */
    public static List<UUID> lastAdmins(Transaction transaction, UUID accountId, Collection<UUID> ids) {
        var these = TypedArray.ofIds(ids);
        return transaction.list(LAST_ADMINS, row -> row.id("id"), accountId, these, accountId, these);
    }

    private static TypedArray ids(List<Wanted> people) {
        return TypedArray.ofIds(people.stream().map(Wanted::id).toList());
    }

    private static TypedArray names(List<Wanted> people) {
        return TypedArray.ofTexts(people.stream().map(Wanted::name).toList());
    }

    private static TypedArray emails(List<Wanted> people) {
        return TypedArray.ofTexts(people.stream().map(Wanted::email).toList());
    }

    private static TypedArray active(List<Wanted> people) {
        return TypedArray.ofFlags(people.stream().map(Wanted::active).toList());
    }
}
