package dev.sluice.functions.directory.sync;

import dev.sluice.functions.directory.Directory;
import dev.sluice.functions.directory.DirectorySettings;
import dev.sluice.functions.directory.Roster;
import dev.sluice.functions.directory.sync.Removals.Going;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * Makes of an account's people and groups what a directory has staged, in this order:
 *
 * <ol>
 *   <li>who and what is new, and what is said otherwise of the others ({@link Additions});
 *   <li>who is suspended, which is what the directory says, and done ({@link Removals});
 *   <li>who and what is not mentioned any more, unless it is so much that it is held ({@link HeldPlan});
 *   <li>what came of it ({@link Runs}).
 * </ol>
 *
 * <p>What was said of somebody after they were read, by an event, is newer than what was read, and stays.
 *
 * <p>It is one transaction, unless more is taken away than can be in one turn: the rest follows in further ones.
 */
final class Reconciliation {
    private static final Duration AT_MOST = Duration.ofMinutes(30);

    private static final String CHECK_NOW = "SET CONSTRAINTS ALL IMMEDIATE";
    private static final String CHECK_LATER = "SET CONSTRAINTS ALL DEFERRED";

    private final Transactions transactions;
    private final Runs runs;
    private final DirectorySettings settings;
    private final Run run;
    private final Directory directory;
    private final Counts counts = new Counts();
    private final Set<Held> going = EnumSet.noneOf(Held.class);

    Reconciliation(Transactions transactions, Runs runs, DirectorySettings settings, Run run) {
        this.transactions = transactions;
        this.runs = runs;
        this.settings = settings;
        this.run = run;
        this.directory = run.directory();
    }

    /** @throws DirectoryFailure when what is staged cannot be all */
    Counts apply() {
        boolean more = this.<Boolean>within(transaction -> {
            requireSomebody(transaction);
            // What is added is checked as it is: a million at the end would take longer than a statement may.
            transaction.update(CHECK_NOW);
            new Additions(transaction, directory, counts).make();
            transaction.update(CHECK_LATER);
            going.clear();
            var plan = new HeldPlan(transaction, directory);
            for (Held kind : Held.values()) {
                if (plan.guard(kind, settings, counts)) {
                    going.add(kind);
                }
            }
            return takeAway(transaction);
        });
        while (more) {
            more = within(this::takeAway);
        }
        return counts;
    }

    private <T> T within(Function<Transaction, T> work) {
        var before = new Counts();
        before.become(counts);
        return transactions.inAccount(directory.accountId()).callFor(AT_MOST, transaction -> {
            counts.become(before);
            Roster.lock(transaction, directory);
            run.beat(transaction);
            return work.apply(transaction);
        });
    }

    /** A directory that has nobody at all says that it was not read, whatever else it says. */
    private void requireSomebody(Transaction transaction) {
        var staging = new Staging(transaction, directory);
        if (staging.count("staged_user") == 0) {
            throw DirectoryFailure.passing("The directory lists no users at all. Nothing was changed.");
        }
        if (staging.count("staged_group") == 0 && new HeldPlan(transaction, directory).all(Held.GROUP) > 0) {
            throw DirectoryFailure.passing("The directory lists no groups at all, and had some. Nothing was changed.");
        }
    }

    /**
     * Takes away as much as can be in one turn. All of it is looked for, and the stage cleared at the end, before the turn is
     * taken.
     *
     * @return whether there is more
     */
    private boolean takeAway(Transaction transaction) {
        var removals = new Removals(transaction, directory, counts);
        var plan = new HeldPlan(transaction, directory);
        List<UUID> suspended = removals.switched(false, Removals.AT_ONCE);
        int left = Removals.AT_ONCE - suspended.size();
        List<UUID> resumed = removals.switched(true, left);
        left -= resumed.size();
        Map<Held, List<Going>> absent = new LinkedHashMap<>();
        for (Held kind : List.of(Held.MEMBER, Held.GROUP, Held.USER)) {
            if (left > 0 && going.contains(kind)) {
                absent.put(kind, plan.absent(kind, left));
                left -= absent.get(kind).size();
            }
        }
        boolean more = left <= 0;
        if (!more) {
            new Staging(transaction, directory).clear();
        }
        if (!suspended.isEmpty()) {
            removals.suspend(suspended);
        }
        if (!resumed.isEmpty()) {
            removals.resume(resumed);
        }
        absent.forEach((kind, some) -> {
            if (!some.isEmpty()) {
                removals.remove(kind, some);
            }
        });
        if (!more) {
            runs.succeeded(transaction, run, counts);
        }
        return more;
    }
}
