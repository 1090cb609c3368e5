package dev.sluice.functions.directory.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.flow.Ask;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How a directory is asked: page by page, by one at a time, again and again. */
class DirectoryRunTest extends AskedDirectory {
    DirectoryRunTest(TestDatabase database) {
        super(database);
    }

    @Test
    void shouldGoOnWhereItWasInterrupted() {
        many(30);
        there.group("a", "u1");
        there.group("b", "u2");
        there.pageSize = 10;
        there.watch = (what, position) -> {
            if (what.equals("users") && "20".equals(position)) {
                throw DirectoryFailure.passing("Down.");
            }
        };
        assertThat(run()).isEqualTo("failed {} Down.");
        assertThat(people()).isEmpty();
        there.watch = (what, position) -> {
            if (what.equals("members of b")) {
                throw DirectoryFailure.passing("Down again.");
            }
        };
        there.read.clear();
        assertThat(run()).isEqualTo("failed {} Down again.");
        assertThat(there.read).startsWith("users from 20", "groups");

        there.watch = null;
        there.read.clear();
        assertThat(run()).startsWith("applied {\"users_added\": 30");
        assertThat(there.read).containsExactlyInAnyOrder("members of a", "members of b");
        assertThat(members()).containsExactly("a u1", "b u2");
    }

    @Test
    void shouldRefusePagesThatRepeat() {
        many(5);
        there.repeating = true;
        there.pageSize = 2;
        assertThat(run()).startsWith("failed {} The directory's pages lead back");
        assertThat(people()).isEmpty();
    }

    @Test
    void shouldWaitLongerTheMoreOftenItFails() {
        there.watch = (what, position) -> {
            throw DirectoryFailure.passing("Down.");
        };
        assertThat(List.of(wait(run()), wait(run()), wait(run()))).satisfies(waits -> {
            assertThat(waits.get(0)).isBetween(20.0, 22.0);
            assertThat(waits.get(1)).isBetween(50.0, 55.0);
            assertThat(waits.get(2)).isBetween(100.0, 110.0);
        });
        there.watch = (what, position) -> {
            throw DirectoryFailure.lasting("Never.");
        };
        assertThat(wait(run())).isBetween(240.0, 264.0);
        there.watch = null;
        many(1);
        assertThat(wait(run())).isBetween(10.0, 11.0);
        assertThat(latest("failures::text")).isEqualTo("0");
    }

    /** In minutes. */
    private double wait(String outcome) {
        assertThat(outcome).isNotEmpty();
        return Double.parseDouble(latest("(extract(epoch FROM next_at - finished_at) / 60)::text"));
    }

    @Test
    void shouldBeAskedByOneAtATime() {
        many(1);
        there.watch = (what, position) -> {
            there.watch = null;
            assertThat(sync.run(world.accountId, directory)).isFalse();
        };
        assertThat(run()).startsWith("applied");
    }

    /** Whoever was not heard of for ten minutes does nothing any more. */
    @Test
    void shouldTakeOverFromWhoIsGone() {
        many(30);
        there.pageSize = 10;
        there.watch = (what, position) -> {
            if ("10".equals(position)) {
                there.watch = null;
                world.execute(
                        "UPDATE directory_run SET beat_at = now() - interval '11 minutes' WHERE directory_id = ?",
                        directory);
                assertThat(run()).startsWith("applied {\"users_added\": 30");
            }
        };

        sync.run(world.accountId, directory);

        assertThat(people()).hasSize(30);
        assertThat(world.texts(
                        "SELECT outcome || coalesce(' ' || error, '') AS v FROM directory_run WHERE directory_id = ? ORDER BY v",
                        directory))
                .containsExactly("applied", "failed The portal stopped meanwhile.");
    }

    @Test
    void shouldFailWithoutThePlan() {
        many(1);
        world.execute("UPDATE account SET features = '{}' WHERE id = ?", world.accountId);
        assertThat(run()).startsWith("failed {} The account's plan is without people from directories");
    }

    @Test
    void shouldBelieveNoDirectoryThatIsEmpty() {
        many(3);
        there.group("a", "u1");
        run();

        there.groups.clear();
        assertThat(run()).startsWith("failed {} The directory lists no groups at all");
        there.users.clear();
        assertThat(run()).startsWith("failed {} The directory lists no users at all");
        assertThat(people()).hasSize(3);
    }

    @Test
    void shouldWriteNothingWhereNothingHasChanged() {
        many(30);
        there.group("a", "u1", "u2");
        run();
        Ask reaching = reach("u1", "a");
        long before = audited();
        String versions = versions();

        assertThat(run()).isEqualTo("unchanged {}");

        assertThat(audited()).isEqualTo(before);
        assertThat(versions()).isEqualTo(versions);
        assertThat(flows(reaching)).isEqualTo(1);
    }

    /** Of every row that a run could write: whoever writes one makes another of it. */
    private String versions() {
        return world.texts(
                        """
                        SELECT string_agg(t, ',') AS v FROM (
                            SELECT xmin::text AS t FROM actor WHERE account_id = ?
                            UNION SELECT xmin::text FROM actor_group WHERE account_id = ?
                            UNION SELECT xmin::text FROM membership WHERE account_id = ?
                            UNION SELECT xmin::text FROM directory_user WHERE account_id = ?
                            UNION SELECT xmin::text FROM directory_group WHERE account_id = ?
                            UNION SELECT xmin::text FROM directory WHERE account_id = ? ORDER BY t) AS rows
                        """,
                        world.accountId,
                        world.accountId,
                        world.accountId,
                        world.accountId,
                        world.accountId,
                        world.accountId)
                .getFirst();
    }

    /** More than a second's turn: the asks of the account come in between. */
    @Test
    void shouldTakeAwayThousandsInTurns() {
        many(2500);
        run();
        IntStream.range(0, 2500).forEach(number -> there.user("u" + number, false));

        assertThat(run()).isEqualTo("applied {\"users_suspended\": 2500}");
        assertThat(people()).hasSize(2500).allMatch(each -> each.endsWith(" out"));
        assertThat(world.count(
                        "SELECT count(DISTINCT xmin::text) FROM audit_entry WHERE account_id = ? AND action = 'actor_changed'",
                        world.accountId))
                .isEqualTo(3);
    }

    /** A group may have so many pages that nothing is kept for minutes. */
    @Test
    void shouldBeHeardOfWhileItReadsAGroupOfManyPages() {
        many(1);
        there.group("a", "u1", "u2", "u3", "u4");
        var clock = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        var run = runs.begin(ours()).orElseThrow();
        List<String> heardOf = new ArrayList<>();
        there.pageSize = 1;
        there.watch = (what, position) -> {
            if (what.equals("members of a")) {
                heardOf.add(latest("beat_at::text"));
                clock.updateAndGet(now -> now.plus(Duration.ofSeconds(70)));
            }
        };

        new Reading(transactions, there, run, new VirtualClock(clock)).all();

        assertThat(heardOf).hasSize(4).doesNotHaveDuplicates();
    }

    private static final class VirtualClock extends Clock {
        private final AtomicReference<Instant> now;

        private VirtualClock(AtomicReference<Instant> now) {
            this.now = now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now.get();
        }
    }
}
