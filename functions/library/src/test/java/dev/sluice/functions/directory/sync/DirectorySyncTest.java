package dev.sluice.functions.directory.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.actor.ActorType;
import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.directory.Directory;
import dev.sluice.functions.directory.DirectorySettings;
import dev.sluice.functions.directory.Losses;
import dev.sluice.functions.flow.Ask;
import dev.sluice.functions.flow.Decision;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.Pool;
import dev.sluice.functions.testing.Settings;
import dev.sluice.functions.testing.World;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of an account when a directory is asked. */
@ExtendWith(DatabaseExtension.class)
class DirectorySyncTest {
    private static final DirectorySettings SETTINGS = Settings.of(DirectorySettings.class, Map.of());

    private final TestDatabase database;
    private final Transactions transactions;
    private final FakeDirectory there = new FakeDirectory();
    private final UUID directory = UUID.randomUUID();
    private DirectorySync sync;
    private World world;

    DirectorySyncTest(TestDatabase database) {
        this.database = database;
        transactions = Pool.transactions(database.application());
    }

    @BeforeEach
    void aDirectory() {
        world = new World(database);
        world.execute(
                "INSERT INTO directory (id, account_id, name, name_key, type) VALUES (?, ?, 'JumpCloud', '', 'workos')",
                directory,
                world.accountId);
        sync = new DirectorySync(
                transactions, SETTINGS, new Runs(transactions, SETTINGS), List.of(there), new SimpleMeterRegistry());
    }

    /** Asks it, and says what came of it. */
    private String run() {
        assertThat(sync.run(world.accountId, directory)).isTrue();
        return latest("outcome || ' ' || counts::text || coalesce(' ' || error, '')");
    }

    private String latest(String what) {
        return world.texts(
                        "SELECT " + what
                                + " AS v FROM directory_run WHERE directory_id = ? ORDER BY started_at DESC LIMIT 1",
                        directory)
                .getFirst();
    }

    private List<String> people() {
        return world.texts(
                "SELECT u.external_id || CASE WHEN a.disabled_at IS NOT NULL THEN ' out' ELSE '' END AS v"
                        + " FROM directory_user u JOIN actor a ON a.id = u.id WHERE u.directory_id = ? ORDER BY v",
                directory);
    }

    private List<String> members() {
        return world.texts(
                "SELECT g.external_id || ' ' || u.external_id AS v FROM membership m"
                        + " JOIN directory_group g ON g.id = m.group_id JOIN directory_user u ON u.id = m.actor_id"
                        + " WHERE g.directory_id = ? ORDER BY v",
                directory);
    }

    private UUID id(String user) {
        return world.one(
                "SELECT id FROM directory_user WHERE directory_id = ? AND external_id = ?",
                row -> row.id("id"),
                directory,
                user);
    }

    private void many(int count) {
        IntStream.range(0, count).forEach(number -> there.user("u" + number));
    }

    private long audited() {
        return world.count("SELECT count(*) FROM audit_entry WHERE account_id = ?", world.accountId);
    }

    /** Somebody who reaches the world's resource, by a group of the directory's. */
    private Ask reach(String user, String group) {
        UUID of = world.one(
                "SELECT id FROM directory_group WHERE directory_id = ? AND external_id = ?",
                row -> row.id("id"),
                directory,
                group);
        if (world.count("SELECT count(*) FROM policy WHERE group_id = ?", of) == 0) {
            world.policy(of, world.resourceId);
        }
        var token = world.tokens.createForActor(
                world.accountId, id(user), null, Instant.now().plus(Duration.ofDays(1)));
        var device = world.device(token.token(), "device-" + user, "headless-client/1.5.4");
        var ask = new Ask(world.accountId, device.id(), device.credential(), world.resourceId, List.of());
        assertThat(world.decisions.decide(ask)).isInstanceOf(Decision.Granted.class);
        return ask;
    }

    private long flows(Ask ask) {
        return world.count("SELECT count(*) FROM flow WHERE client_id = ?", ask.clientId());
    }

    @Test
    void shouldMakePeopleAndGroupsOfWhatItReads() {
        many(25);
        there.user("gone", false);
        there.group("a", "u1", "u2", "gone", "unheard-of");
        there.group("b", "u2");
        there.pageSize = 10;

        assertThat(run()).isEqualTo("applied {\"users_added\": 25, \"groups_added\": 2, \"members_added\": 3}");

        assertThat(people()).hasSize(25).contains("u24").doesNotContain("gone");
        assertThat(members()).containsExactly("a u1", "a u2", "b u2");
        assertThat(world.texts("SELECT name || ' ' || email AS v FROM actor WHERE id = ?", id("u7")))
                .containsExactly("Name of u7 u7@example.com");
        assertThat(world.texts(
                        "SELECT DISTINCT subject AS v FROM audit_entry WHERE action = 'actor_created' AND account_id = ? AND subject LIKE 'directory%'",
                        world.accountId))
                .containsExactly("directory " + directory);
        assertThat(world.count("SELECT count(*) FROM staged_user WHERE account_id = ?", world.accountId))
                .isZero();
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

    @Test
    void shouldEndTheAccessOfWhomTheDirectorySuspends() {
        many(30);
        there.group("a", "u1", "u2", "u3");
        run();
        Ask suspended = reach("u1", "a");
        Ask stays = reach("u2", "a");

        there.user("u1", false);
        assertThat(run()).isEqualTo("applied {\"users_suspended\": 1}");
        assertThat(flows(suspended)).isZero();
        assertThat(flows(stays)).isEqualTo(1);
        assertThat(people()).contains("u1 out");

        there.user("u1", true);
        assertThat(run()).isEqualTo("applied {\"users_resumed\": 1}");
        assertThat(people()).contains("u1");
    }

    /** What it says is done, however many they are; what it does not mention may be its mistake. */
    @Test
    void shouldDoWhatIsSaidAndHoldWhatIsNot() {
        many(40);
        there.group("a", "u1", "u2");
        run();

        IntStream.range(0, 40).forEach(number -> there.user("u" + number, false));
        there.user("new");
        assertThat(run()).isEqualTo("applied {\"users_added\": 1, \"users_suspended\": 40}");

        IntStream.range(0, 40).forEach(number -> there.user("u" + number, true));
        run();
        IntStream.range(0, 20).forEach(number -> there.remove("u" + number));
        there.user("newer");
        assertThat(run()).isEqualTo("held {\"held_users\": 20, \"users_added\": 1}");
        assertThat(people()).hasSize(42);
    }

    @Test
    void shouldRemoveAFewThatAreNotMentioned() {
        many(40);
        there.group("a", "u1", "u3");
        there.group("b", "u2");
        run();
        Ask removed = reach("u1", "a");
        Ask left = reach("u2", "b");
        Ask stays = reach("u3", "a");

        there.remove("u1");
        there.members.get("b").clear();
        assertThat(run()).isEqualTo("applied {\"users_removed\": 1, \"members_removed\": 1}");
        assertThat(people()).doesNotContain("u1");
        assertThat(flows(removed)).isZero();
        assertThat(flows(left)).isZero();
        assertThat(flows(stays)).isEqualTo(1);

        there.groups.remove("b");
        there.members.remove("b");
        assertThat(run()).isEqualTo("applied {\"groups_removed\": 1}");
    }

    @Test
    void shouldApplyOrKeepWhatIsHeld() {
        many(20);
        run();
        IntStream.range(0, 10).forEach(number -> there.remove("u" + number));
        assertThat(run()).isEqualTo("held {\"held_users\": 10}");
        assertThat(run()).as("as long as nobody decides").isEqualTo("held {\"held_users\": 10}");

        there.user("u0");
        assertThat(run()).as("who is mentioned again").isEqualTo("held {\"held_users\": 9}");

        held(HeldPlan::keep);
        assertThat(run()).as("who is kept is left alone").isEqualTo("unchanged {}");
        there.user("u1");
        run();
        there.remove("u1");
        assertThat(run())
                .as("and goes as others do, once it was mentioned")
                .isEqualTo("applied {\"users_removed\": 1}");

        IntStream.range(10, 20).forEach(number -> there.remove("u" + number));
        assertThat(run()).isEqualTo("held {\"held_users\": 10}");
        int held = held(plan -> plan.held(Held.USER, 100).size());
        assertThat(held).isEqualTo(10);
    }

    private int held(ToIntFunction<HeldPlan> work) {
        return transactions
                .inAccount(world.accountId)
                .<Integer>call(transaction -> work.applyAsInt(
                        new HeldPlan(transaction, new Directory(world.accountId, directory, "JumpCloud", false))));
    }

    @Test
    void shouldHoldGroupsAndMembershipsToo() {
        many(30);
        IntStream.range(0, 10).forEach(number -> there.group("g" + number, "u1", "u2"));
        run();

        IntStream.range(0, 6).forEach(number -> {
            there.groups.remove("g" + number);
            there.members.remove("g" + number);
        });
        IntStream.range(6, 9).forEach(number -> there.members.get("g" + number).clear());
        assertThat(run()).isEqualTo("held {\"held_groups\": 6, \"held_members\": 6}");
        assertThat(members()).hasSize(20);
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
    void shouldTouchNobodyWhomItHasNotMade() {
        UUID admin = UUID.randomUUID();
        world.actor(admin, ActorType.ADMIN, "Ada", "u1@example.com");
        world.execute(
                "INSERT INTO actor_group (id, account_id, name, type) VALUES (?, ?, 'Group a', 'static')",
                UUID.randomUUID(),
                world.accountId);
        many(2);
        there.group("a", "u1");

        run();

        assertThat(world.texts("SELECT type || ' ' || email AS v FROM actor WHERE id = ?", admin))
                .containsExactly("admin u1@example.com");
        assertThat(world.texts("SELECT type || coalesce(email, '-') AS v FROM actor WHERE id = ?", id("u1")))
                .containsExactly("user-");
        assertThat(world.texts(
                        "SELECT name AS v FROM actor_group WHERE account_id = ? AND directory_id IS NOT NULL",
                        world.accountId))
                .containsExactly("Group a (JumpCloud)");
    }

    @Test
    void shouldKeepTheLastAdmin() {
        many(30);
        run();
        world.execute("UPDATE actor SET type = 'admin' WHERE id = ?", id("u1"));

        there.remove("u1");
        there.remove("u2");
        assertThat(run()).isEqualTo("applied {\"users_removed\": 1}");
        assertThat(people()).contains("u1").doesNotContain("u2");
        there.user("u1", false);
        run();
        assertThat(people()).contains("u1");
    }

    @Test
    void shouldTakeNamesAsTheyChange() {
        many(2);
        there.group("a", "u1");
        run();
        there.users.put("u1", new DirectoryConnector.User("u1", "U1", "Other", null, true));
        there.users.put("u0", new DirectoryConnector.User("u0", "u1@example.com", "Swapped", "u1@example.com", false));
        there.groups.put("a", new DirectoryConnector.Group("a", "Renamed"));

        assertThat(run()).isEqualTo("applied {\"users_changed\": 2, \"groups_changed\": 1, \"users_suspended\": 1}");
        assertThat(world.texts("SELECT name || ' ' || coalesce(email, '-') AS v FROM actor WHERE id = ?", id("u1")))
                .containsExactly("Other -");
        assertThat(run()).isEqualTo("unchanged {}");
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

    /** Whoever was not heard of for two minutes does nothing any more. */
    @Test
    void shouldTakeOverFromWhoIsGone() {
        many(30);
        there.pageSize = 10;
        there.watch = (what, position) -> {
            if ("10".equals(position)) {
                there.watch = null;
                world.execute(
                        "UPDATE directory_run SET beat_at = now() - interval '3 minutes' WHERE directory_id = ?",
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
    void shouldNotBringBackWhomAnEventHasTakenOutMeanwhile() {
        many(30);
        run();
        var oneUser = new OneUser(transactions, new Losses(SETTINGS, new SimpleMeterRegistry()));
        there.watch = (what, position) -> {
            if (what.equals("groups")) {
                var user = there.users.get("u1");
                oneUser.become(
                        world.accountId,
                        directory,
                        null,
                        () -> Optional.of(new DirectoryConnector.User(
                                user.id(), user.userName(), user.name(), user.email(), false)),
                        transaction -> {});
                oneUser.become(
                        world.accountId,
                        directory,
                        null,
                        () -> Optional.of(new DirectoryConnector.User("late", "late", "Late", null, true)),
                        transaction -> {});
            }
        };

        assertThat(run()).isEqualTo("unchanged {}");
        assertThat(people()).contains("u1 out", "late");
        there.watch = null;
        there.user("late");
        assertThat(run())
                .as("what is read later is newer")
                .isEqualTo("applied {\"users_changed\": 1, \"users_resumed\": 1}");
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

    @Test
    void shouldFailWithoutThePlan() {
        many(1);
        world.execute("UPDATE account SET features = '{}' WHERE id = ?", world.accountId);
        assertThat(run()).startsWith("failed {} The account's plan is without people from directories");
    }
}
