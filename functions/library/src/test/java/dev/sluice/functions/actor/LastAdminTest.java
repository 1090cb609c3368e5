package dev.sluice.functions.actor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.testing.Session;
import dev.sluice.functions.testing.World;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(DatabaseExtension.class)
class LastAdminTest {
    private TestDatabase database;
    private World world;

    @BeforeEach
    void world(TestDatabase database) {
        this.database = database;
        world = new World(database);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE actor SET disabled_at = now() WHERE type = 'admin' AND account_id = ",
                "UPDATE actor SET type = 'user' WHERE type = 'admin' AND account_id = ",
                "DELETE FROM actor WHERE type = 'admin' AND account_id = "
            })
    void shouldKeepAnAdminInAnAccountThatIsInUse(String change) {
        admin();
        var all = change + "'" + world.accountId + "'";
        assertThatThrownBy(() -> world.execute(all)).hasMessageContaining("the last enabled admin");

        var other = admin();
        world.execute(all + " AND id <> '" + other + "'");
        assertThatThrownBy(() -> world.execute(all)).hasMessageContaining("the last enabled admin");

        world.execute("UPDATE account SET disabled_at = now() WHERE id = ?", world.accountId);
        world.execute(all);
    }

    @Test
    void shouldKeepAnAdminWhereTwoRemoveOneEach() throws Exception {
        var one = admin();
        var other = admin();
        try (var session = new Session(database)) {
            session.execute("UPDATE actor SET disabled_at = now() WHERE id = '" + one + "'");
            var second = session.start(1, () -> {
                world.execute("UPDATE actor SET disabled_at = now() WHERE id = ?", other);
                return true;
            });
            session.commit();

            assertThatThrownBy(() -> Session.result(second)).hasStackTraceContaining("the last enabled admin");
        }
    }

    private UUID admin() {
        var id = Ids.next();
        world.actor(id, ActorType.ADMIN, "Admin", id + "@example.com");
        return id;
    }
}
