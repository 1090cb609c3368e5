package dev.sluice.functions.directory.sync;

import dev.sluice.functions.directory.sync.DirectoryConnector.Page;
import dev.sluice.functions.directory.sync.Staging.Part;
import dev.sluice.functions.directory.sync.Staging.Progress;
import dev.sluice.functions.sql.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads a directory into the stage, page by page, from where somebody else may have stopped. */
final class Reading {
    /** Whose members are read at the same time. */
    private static final int SIDE_BY_SIDE = 32;

    /** Of one list. A provider that has more repeats itself. */
    private static final int MOST_PAGES = 100_000;

    private static final Duration LONGEST = Duration.ofHours(4);
    private static final Duration BEAT_EVERY = Duration.ofMinutes(1);

    private final Transactions transactions;
    private final DirectoryConnector connector;
    private final Run run;
    private final Clock clock;
    private final Instant end;
    private volatile Instant heardOf;

    Reading(Transactions transactions, DirectoryConnector connector, Run run, Clock clock) {
        this.transactions = transactions;
        this.connector = connector;
        this.run = run;
        this.clock = clock;
        this.end = clock.instant().plus(LONGEST);
        this.heardOf = clock.instant();
    }

    /** @throws DirectoryFailure when not all can be read, or it cannot be all */
    void all() {
        Progress progress = staged(Staging::begin);
        if (progress.part() == Part.USERS) {
            pages(Part.USERS, progress.position(), connector::users, Staging::users);
            progress = next(Part.GROUPS);
        }
        if (progress.part() == Part.GROUPS) {
            pages(
                    Part.GROUPS,
                    progress.position(),
                    connector::groups,
                    (staging, groups, readAt) -> staging.groups(groups));
            progress = next(Part.MEMBERS);
        }
        if (progress.part() == Part.MEMBERS) {
            members(progress.position());
            transactions.inAccount(run.directory().accountId()).run(transaction -> {
                new Staging(transaction, run.directory()).advance(new Progress(Part.ALL, null));
                run.read(transaction);
            });
        }
    }

    private Progress next(Part part) {
        var progress = new Progress(part, null);
        stage(staging -> staging.advance(progress));
        return progress;
    }

    private interface Keep<T> {
        void keep(Staging staging, List<T> rows, Instant readAt);
    }

    private <T> void pages(Part part, @Nullable String from, Function<@Nullable String, Page<T>> read, Keep<T> keep) {
        var positions = new Positions();
        @Nullable String position = from;
        // A page is asked for after the one before was kept, and so later than that.
        Instant readAt = staged(Staging::now);
        do {
            requireTime();
            Page<T> page = read.apply(position);
            position = positions.next(page);
            var next = new Progress(part, position);
            boolean last = position == null;
            Instant since = readAt;
            readAt = staged(staging -> {
                keep.keep(staging, page.rows(), since);
                if (!last) {
                    staging.advance(next);
                }
                return staging.now();
            });
        } while (position != null);
    }

    private void members(@Nullable String from) {
        @Nullable String position = from;
        try (ExecutorService readers = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("directory-members-", 0).factory())) {
            while (true) {
                String after = position;
                List<String> groups = staged(staging -> staging.groupsAfter(after, SIDE_BY_SIDE));
                if (groups.isEmpty()) {
                    return;
                }
                Map<String, Future<Set<String>>> reading = new LinkedHashMap<>();
                groups.forEach(group -> reading.put(group, readers.submit(() -> membersOf(group))));
                Map<String, Set<String>> members = new LinkedHashMap<>();
                reading.forEach((group, reader) -> members.put(group, read(reader)));
                position = groups.getLast();
                var progress = new Progress(Part.MEMBERS, position);
                stage(staging -> {
                    staging.members(members);
                    staging.advance(progress);
                });
            }
        }
    }

    private Set<String> membersOf(String group) {
        var positions = new Positions();
        Set<String> members = new LinkedHashSet<>();
        @Nullable String position = null;
        do {
            requireTime();
            Page<String> page = connector.members(group, position);
            members.addAll(page.rows());
            position = positions.next(page);
        } while (position != null);
        return members;
    }

    private static <T> T read(Future<T> reader) {
        try {
            return reader.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DirectoryFailure.passing("The portal stopped meanwhile.");
        }
    }

    /** Before each page; is heard of where many are read without being kept. */
    private void requireTime() {
        Instant now = clock.instant();
        if (now.isAfter(end)) {
            throw DirectoryFailure.passing("It was not read within " + LONGEST.toHours() + " hours.");
        }
        if (now.isAfter(heardOf.plus(BEAT_EVERY))) {
            heardOf = now;
            stage(staging -> {});
        }
    }

    private void stage(Consumer<Staging> work) {
        this.<Boolean>staged(staging -> {
            work.accept(staging);
            return true;
        });
    }

    private <T> T staged(Function<Staging, T> work) {
        return transactions.inAccount(run.directory().accountId()).callUnsynced(transaction -> {
            run.beat(transaction);
            return work.apply(new Staging(transaction, run.directory()));
        });
    }

    /** Which pages of a list were seen. */
    private static final class Positions {
        private final Set<String> seen = new HashSet<>();

        /** Where the page after this one is; null if it is the last. */
        @Nullable String next(Page<?> page) {
            String next = page.next();
            if (next != null && (!seen.add(next) || seen.size() > MOST_PAGES)) {
                throw DirectoryFailure.passing("The directory's pages lead back to one that was read already.");
            }
            return next;
        }
    }
}
