package dev.sluice.functions.directory.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.actor.ActorType;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.directory.Losses;
import dev.sluice.functions.flow.Ask;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of an account when a directory is asked. */
class DirectorySyncTest extends AskedDirectory {
    DirectorySyncTest(TestDatabase database) {
        super(database);
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

    /** Within a page, and again on a later one. */
    @Test
    void shouldTakeAMemberOnceThatIsListedTwice() {
        many(10);
        there.group("a", "u1", "u1", "u2", "u1");
        there.pageSize = 3;

        assertThat(run()).isEqualTo("applied {\"users_added\": 10, \"groups_added\": 1, \"members_added\": 2}");

        assertThat(members()).containsExactly("a u1", "a u2");
        assertThat(run()).isEqualTo("unchanged {}");
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

    /** Each of them is found by itself: were all held against all, this would take hours. */
    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void shouldHoldThousands() {
        many(20_000);
        run();
        IntStream.range(1, 20_000).forEach(number -> there.remove("u" + number));
        assertThat(run()).isEqualTo("held {\"held_users\": 19999}");
        there.user("u1");
        assertThat(run()).isEqualTo("held {\"held_users\": 19998}");

        held(HeldPlan::keep);
        assertThat(run()).isEqualTo("unchanged {}");
    }

    private int held(ToIntFunction<HeldPlan> work) {
        return transactions
                .inAccount(world.accountId)
                .<Integer>call(transaction -> work.applyAsInt(new HeldPlan(transaction, ours())));
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
}
