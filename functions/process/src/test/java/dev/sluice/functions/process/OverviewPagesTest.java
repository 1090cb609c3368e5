package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.audit.ActivityService;
import dev.sluice.functions.auth.Sessions;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An account at a glance: what waits for its admin, and what went on. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class OverviewPagesTest {
    @Inject
    WebListener web;

    @Inject
    Transactions transactions;

    @Inject
    Sessions sessions;

    @Inject
    TokenKey key;

    @Inject
    ActivityService activity;

    private World world;
    private SignedInAdmin admin;

    @BeforeEach
    void signIn() throws Exception {
        world = new World(transactions, key);
        admin = SignedInAdmin.of(world, sessions, web);
    }

    @Test
    void shouldShowWhatWentOn() throws Exception {
        assertThat(admin.get("").body()).contains("granted: 0", "from an end to its being sent: none");
        world.authorize();
        world.authorize();
        world.execute("UPDATE policy SET disabled_at = now() WHERE account_id = ?", world.accountId);
        world.decisions.decide(world.ask());
        activity.record();

        for (String over : List.of("", "?over=hour", "?over=day", "?over=week", "?over=nonsense")) {
            assertThat(admin.get(over).body())
                    .as(over)
                    .contains("granted: 2", "denied: 1", "ended: 1", "<path class=\"granted\" d=\"M")
                    .contains("from a grant to the gateway&#39;s word: at most")
                    .doesNotContain("NaN");
        }
        assertThat(admin.get("?over=day").body())
                .contains("<a href=\"" + admin.address("?over=day") + "\" aria-current=\"page\">A day</a>");
    }

    @Test
    void shouldSayWhatWaitsForADecision() throws Exception {
        assertThat(admin.get("").body()).doesNotContain("Waits for you");
        world.execute("UPDATE account SET warning = 'Almost <full>' WHERE id = ?", world.accountId);
        world.execute(
                "UPDATE policy SET conditions = '[{\"property\":\"client_verified\",\"operator\":\"is\",\"values\":[\"true\"]}]'"
                        + " WHERE account_id = ?",
                world.accountId);
        assertThat(admin.get("").body())
                .contains("Waits for you", "Almost &lt;full&gt;", "asks for verified clients, and 1 are not")
                .contains(admin.address("/clients"), admin.address("/billing"));
    }
}
