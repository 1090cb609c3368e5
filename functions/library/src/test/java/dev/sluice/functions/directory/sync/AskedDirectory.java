package dev.sluice.functions.directory.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.directory.Directory;
import dev.sluice.functions.directory.DirectorySettings;
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
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** An account with a directory that is asked, which the test is. */
@ExtendWith(DatabaseExtension.class)
abstract class AskedDirectory {
    static final DirectorySettings SETTINGS = Settings.of(DirectorySettings.class, Map.of());

    final TestDatabase database;
    final Transactions transactions;
    final FakeDirectory there = new FakeDirectory();
    final UUID directory = UUID.randomUUID();
    Runs runs;
    DirectorySync sync;
    World world;

    AskedDirectory(TestDatabase database) {
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
        runs = new Runs(transactions, SETTINGS);
        sync = new DirectorySync(transactions, SETTINGS, runs, List.of(there), new SimpleMeterRegistry());
    }

    Directory ours() {
        return new Directory(world.accountId, directory, "JumpCloud", false);
    }

    /** Asks it, and says what came of it. */
    String run() {
        assertThat(sync.run(world.accountId, directory)).isTrue();
        return latest("outcome || ' ' || counts::text || coalesce(' ' || error, '')");
    }

    String latest(String what) {
        return world.texts(
                        "SELECT " + what
                                + " AS v FROM directory_run WHERE directory_id = ? ORDER BY started_at DESC LIMIT 1",
                        directory)
                .getFirst();
    }

    List<String> people() {
        return world.texts(
                "SELECT u.external_id || CASE WHEN a.disabled_at IS NOT NULL THEN ' out' ELSE '' END AS v"
                        + " FROM directory_user u JOIN actor a ON a.id = u.id WHERE u.directory_id = ? ORDER BY v",
                directory);
    }

    List<String> members() {
        return world.texts(
                "SELECT g.external_id || ' ' || u.external_id AS v FROM membership m"
                        + " JOIN directory_group g ON g.id = m.group_id JOIN directory_user u ON u.id = m.actor_id"
                        + " WHERE g.directory_id = ? ORDER BY v",
                directory);
    }

    UUID id(String user) {
        return world.one(
                "SELECT id FROM directory_user WHERE directory_id = ? AND external_id = ?",
                row -> row.id("id"),
                directory,
                user);
    }

    void many(int count) {
        IntStream.range(0, count).forEach(number -> there.user("u" + number));
    }

    long audited() {
        return world.count("SELECT count(*) FROM audit_entry WHERE account_id = ?", world.accountId);
    }

    /** Somebody who reaches the world's resource, by a group of the directory's. */
    Ask reach(String user, String group) {
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

    long flows(Ask ask) {
        return world.count("SELECT count(*) FROM flow WHERE client_id = ?", ask.clientId());
    }
}
