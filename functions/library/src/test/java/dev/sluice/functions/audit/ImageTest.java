package dev.sluice.functions.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.sql.Acting;
import dev.sluice.functions.testing.World;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an entry shows of what was changed. */
@ExtendWith(DatabaseExtension.class)
class ImageTest {
    private World world;

    @BeforeEach
    void world(TestDatabase database) {
        world = new World(database);
    }

    private AuditEntry last() {
        return world.audit(1).getFirst();
    }

    @Test
    void shouldShowWhatWasThereBeforeAndAfter() {
        world.execute("UPDATE policy SET description = 'why' WHERE id = ?", world.policyId);
        world.execute("UPDATE policy SET description = 'why not' WHERE id = ?", world.policyId);

        assertThat(last().action()).isEqualTo("policy_changed");
        assertThat(last().before().get("description").asText()).isEqualTo("why");
        assertThat(last().after().get("description").asText()).isEqualTo("why not");
        assertThat(last().after().get("conditions")).isEqualTo(last().before().get("conditions"));
    }

    @Test
    void shouldShowWhatWasCreatedAndWhatWasDeleted() {
        var resource = world.resource("10.7.0.0/16");
        assertThat(last().action()).isEqualTo("resource_site_created");
        var created = world.audit(2).getLast();
        assertThat(created.action()).isEqualTo("resource_created");
        assertThat(created.before()).isEmpty();
        assertThat(created.after().get("address").asText()).isEqualTo("10.7.0.0/16");

        world.deleteResource(resource);
        var deleted = world.audit(10).stream()
                .filter(entry -> entry.action().equals("resource_deleted"))
                .findFirst()
                .orElseThrow();
        assertThat(deleted.before()).isEqualTo(created.after());
        assertThat(deleted.after()).isEmpty();
    }

    /** Memberships are recorded by a trigger of their own. */
    @Test
    void shouldShowWhoWasAddedToAGroup() {
        var group = UUID.randomUUID();
        world.group(group, "Crew", world.actorId);

        assertThat(last().action()).isEqualTo("membership_created");
        assertThat(last().groupId()).isEqualTo(group);
        assertThat(last().actorId()).isEqualTo(world.actorId);
        assertThat(world.count("""
                        SELECT count(*) FROM audit_entry e JOIN membership m ON m.id = e.object_id
                        WHERE m.group_id = ? AND e.account_id = m.account_id AND e.subject = subject()
                          AND e.before IS NULL AND e.after = audit_image('membership', to_jsonb(m))
                        """, group)).isEqualTo(1);
    }

    @Test
    void shouldNameTheRequestInAllThatItDid() {
        world.authorize();
        ScopedValue.where(Acting.CURRENT, new Acting(null, "somebody", "request-1"))
                .run(() -> world.policies.delete(world.accountId, world.policyId));

        assertThat(world.texts(
                        "SELECT DISTINCT action || ' ' || subject AS v FROM audit_entry"
                                + " WHERE account_id = ? AND request = 'request-1' ORDER BY v",
                        world.accountId))
                .containsExactly("flow_ended somebody", "policy_deleted somebody");
    }

    /** A column that is added is decided about: it is shown, or it stands here. */
    @Test
    void shouldLeaveOutWhatIsSecretAndWhatConnectingChanges() {
        assertThat(world.texts("""
                        SELECT c.table_name || '.' || c.column_name AS v FROM information_schema.columns c
                        WHERE c.table_schema = 'public' AND audited_columns(c.table_name) IS NOT NULL
                          AND c.column_name <> ALL (audited_columns(c.table_name))
                          AND c.column_name NOT IN ('id', 'account_id', 'inserted_at', 'version', 'held_at', 'name_key')
                          AND c.column_name !~ '^last_seen_'
                        ORDER BY v
                        """))
                .containsExactly(
                        "client.device_serial",
                        "client.device_uuid",
                        "client.firebase_installation_id",
                        "client.identifier_for_vendor",
                        "client.psk_base",
                        "client.public_key",
                        "directory.alarmed_at",
                        "directory.client_secret",
                        "directory.losses",
                        "directory.losses_since",
                        "directory.wanted_at",
                        "gateway.psk_base",
                        "gateway.public_key",
                        "gateway.serves",
                        "identity.password_hash",
                        "identity_provider.client_secret",
                        "subscription.billing_email",
                        "subscription.provisioned_at",
                        "subscription.read_at",
                        "subscription.told_name",
                        "subscription.told_slug",
                        "token.attempts_left",
                        "token_secret.hash",
                        "token_secret.salt");
        assertThat(world.texts("""
                        SELECT listed.of || '.' || listed.audited AS v
                        FROM (SELECT t.table_name AS of, unnest(audited_columns(t.table_name)) AS audited
                              FROM information_schema.tables t WHERE t.table_schema = 'public') AS listed
                        WHERE NOT EXISTS (SELECT FROM information_schema.columns c
                                          WHERE c.table_name = listed.of AND c.column_name = listed.audited)
                        """)).as("columns that are gone").isEmpty();
    }
}
