package dev.sluice.functions.directory.sync;

import dev.sluice.functions.directory.Directory;
import dev.sluice.functions.directory.Losses;
import dev.sluice.functions.directory.Roster;
import dev.sluice.functions.directory.sync.DirectoryConnector.User;
import dev.sluice.functions.plan.Feature;
import dev.sluice.functions.plan.Plans;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Does what a directory says of one user, now: it has named them itself, so that nothing is held. */
@ApplicationScoped
public class OneUser {
    private static final Logger LOG = Logger.getLogger(OneUser.class);

    private static final String FIND = """
            SELECT id, active FROM directory_user WHERE account_id = ? AND directory_id = ? AND external_id = ?
            """;

    private static final String TOLD_SINCE = """
            SELECT FROM directory_user WHERE account_id = ? AND directory_id = ? AND external_id = ? AND told_at > ?
            """;

    private static final String TOLD =
            "UPDATE directory_user SET told_at = clock_timestamp() WHERE account_id = ? AND id = ?";

    private static final String UNSTAGE =
            "DELETE FROM staged_user WHERE account_id = ? AND directory_id = ? AND external_id = ?";

    private record Known(UUID id, boolean active) {}

    private final Transactions transactions;
    private final Losses losses;

    @Inject
    public OneUser(Transactions transactions, Losses losses) {
        this.transactions = transactions;
        this.losses = losses;
    }

    /**
     * Makes a user what they are at the directory.
     *
     * @param externalId who it is about, where the directory does not know them any more; null if nobody says
     * @param now what they are; empty if there is nobody. It is asked before anything is locked
     * @param with is done in the same transaction
     * @throws DirectoryFailure when they cannot be read
     */
    public void become(
            UUID accountId,
            UUID directoryId,
            @Nullable String externalId,
            Supplier<Optional<User>> now,
            Consumer<Transaction> with) {
        while (!attempt(accountId, directoryId, externalId, now, with)) {
            LOG.debugf("directory %s told of a user while they were read", directoryId);
        }
    }

    /** @return false if they were told of after they were read: then that may be old */
    private boolean attempt(
            UUID accountId,
            UUID directoryId,
            @Nullable String externalId,
            Supplier<Optional<User>> now,
            Consumer<Transaction> with) {
        Instant before = transactions.inAccount(accountId).<Instant>glance(Transaction::now);
        Optional<User> user = now.get();
        return transactions.inAccount(accountId).<Boolean>call(transaction -> {
            Optional<Directory> directory = DirectorySource.read(transaction, accountId, directoryId)
                    .map(DirectorySource::directory)
                    .filter(found -> !found.isDisabled());
            String id = user.map(User::id).orElse(externalId);
            if (directory.isPresent() && id != null) {
                Roster.lock(transaction, directory.get());
                if (transaction
                        .first(TOLD_SINCE, row -> true, accountId, directoryId, id, before)
                        .isPresent()) {
                    return false;
                }
                become(transaction, directory.get(), id, user);
            }
            with.accept(transaction);
            return true;
        });
    }

    private void become(Transaction transaction, Directory directory, String externalId, Optional<User> user) {
        Optional<Known> known = transaction.first(
                FIND,
                row -> new Known(row.id("id"), row.flag("active")),
                directory.accountId(),
                directory.id(),
                externalId);
        if (user.isEmpty()) {
            transaction.update(UNSTAGE, directory.accountId(), directory.id(), externalId);
            known.ifPresent(gone -> {
                Roster.removeUsers(transaction, directory, List.of(gone.id()));
                losses.count(transaction, directory, 1);
            });
            return;
        }
        User wanted = user.get();
        if (known.isEmpty()) {
            if (wanted.active() && Plans.has(transaction, directory.accountId(), Feature.IDP_SYNC)) {
                UUID id = Ids.next();
                Roster.addUsers(transaction, directory, List.of(of(id, wanted)));
                transaction.update(TOLD, directory.accountId(), id);
            }
            return;
        }
        UUID id = known.get().id();
        Roster.changeUsers(transaction, directory, List.of(of(id, wanted)));
        if (known.get().active() && !wanted.active()) {
            losses.count(transaction, directory, Roster.suspend(transaction, directory, List.of(id)));
        } else if (!known.get().active() && wanted.active()) {
            Roster.resume(transaction, directory, List.of(id));
        }
        transaction.update(TOLD, directory.accountId(), id);
    }

    private static Roster.User of(UUID id, User user) {
        return new Roster.User(
                id, user.id(), user.userName(), user.name(), user.email(), user.active(), Provided.resource(user));
    }
}
