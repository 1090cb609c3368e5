package dev.sluice.functions.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.audit.AuditRotation.Rotated;
import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.settings.SettingException;
import dev.sluice.functions.sql.DatabaseFailure;
import dev.sluice.functions.testing.Settings;
import dev.sluice.functions.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DatabaseExtension.class)
class AuditRotationTest {
    private final TestDatabase database;
    private World world;
    private AuditRotation rotation;

    AuditRotationTest(TestDatabase database) {
        this.database = database;
    }

    /** As it is when the portal has run for some months: the first part ends with this month. */
    @BeforeEach
    void world() {
        world = new World(database);
        rotation = new AuditRotation(world.transactions, Settings.of(AuditSettings.class, Map.of()));
        rotation.rotate();
    }

    @Test
    void shouldHaveAPartForWhatIsRecordedInTheNextMonths() {
        assertThat(world.count("""
                SELECT count(*) AS count FROM generate_series(0, 3) AS month, audit_parts()
                WHERE now() + month * interval '1 month' >= begins AND now() + month * interval '1 month' < ends
                """)).isEqualTo(4);
        assertThat(parts()).hasSize(4).contains("audit_entry_first");
        assertThat(rotation.rotate()).isEqualTo(new Rotated(0, 0));
        database.execute("DROP TABLE " + parts().getLast());
        assertThat(rotation.rotate()).isEqualTo(new Rotated(1, 0));
    }

    @Test
    void shouldLetGoWhatWasKeptForLongEnough() throws Exception {
        makeOldPart();
        var entries = entries();

        assertThat(entries).contains("site_created").contains("of 2020");
        try (var connection = database.application().connect();
                var reader = connection.createStatement()) {
            connection.setAutoCommit(false);
            reader.execute("SELECT count(*) FROM audit_entry");
            assertThat(rotation.rotate()).as("somebody reads").isEqualTo(new Rotated(0, 0));
        }
        assertThat(rotation.rotate()).isEqualTo(new Rotated(0, 1));

        assertThat(parts()).doesNotContain("audit_entry_2020_01");
        assertThat(entries()).doesNotContain("of 2020").hasSize(entries.size() - 1);
    }

    /** The application's role says for how long, and cannot say nothing. */
    @Test
    void shouldKeepAMonthWhateverItIsTold() {
        assertThatThrownBy(
                        () -> world.one("SELECT made FROM rotate_audit(interval '29 days')", row -> row.number("made")))
                .isInstanceOf(DatabaseFailure.class)
                .hasMessageContaining("30 days at least");
        var settings = Settings.of(AuditSettings.class, Map.of("sluice.audit.keep", "29D"));
        assertThatThrownBy(settings::check)
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("sluice.audit.keep is ");
        assertThat(Settings.of(AuditSettings.class, Map.of()).keep()).isEqualTo(Duration.ofDays(90));
    }

    private void makeOldPart() {
        database.execute("""
                ALTER TABLE audit_entry DETACH PARTITION audit_entry_first;
                CREATE TABLE audit_entry_2020_01 PARTITION OF audit_entry FOR VALUES FROM ('2020-01-01Z') TO ('2020-02-01Z');
                INSERT INTO audit_entry (account_id, at, action, reason)
                VALUES ('%s', '2020-01-15Z', 'flow_denied', 'of 2020');
                DO $$ BEGIN
                    EXECUTE format('ALTER TABLE audit_entry ATTACH PARTITION audit_entry_first FOR VALUES FROM (%%L) TO (%%L)',
                        '2020-02-01Z', date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + interval '1 month');
                END $$
                """.formatted(world.accountId));
    }

    private List<String> parts() {
        return world.texts("SELECT part::text AS v FROM audit_parts() ORDER BY begins");
    }

    private List<String> entries() {
        return world.texts(
                "SELECT coalesce(reason, action::text) AS v FROM audit_entry WHERE account_id = ?", world.accountId);
    }
}
