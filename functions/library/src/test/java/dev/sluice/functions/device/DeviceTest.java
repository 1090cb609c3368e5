package dev.sluice.functions.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.channel.Dialect;
import dev.sluice.functions.address.Origin;
import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.sql.DatabaseFailure;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.testing.Pool;
import dev.sluice.functions.testing.Session;
import dev.sluice.functions.testing.World;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DatabaseExtension.class)
class DeviceTest {
    private World world;

    @BeforeEach
    void world(TestDatabase database) {
        world = new World(database);
    }

    @Test
    void shouldKeepIdAndAddressesOverConnections() {
        var before = addresses();
        var again = world.device(world.clientToken, "client", "headless-client/1.5.5");

        assertThat(again.id()).isEqualTo(world.client.id());
        assertThat(addresses()).isEqualTo(before);
        assertThat(before).matches("100\\.(6[4-9]|[78]\\d|9[0-5])\\.\\d+\\.\\d+ fd00:2021:1111::.*");
    }

    @Test
    void shouldGiveEachDeviceAddressesOfItsOwn() {
        for (int i = 0; i < 20; i++) {
            world.device(world.clientToken, "client-" + i, "headless-client/1.5.4");
        }
        // Two of each: twenty, the client and the gateway.
        assertThat(world.count("SELECT count(*) FROM tunnel_address WHERE account_id = ?", world.accountId))
                .isEqualTo(44);
    }

    @Test
    void shouldTakeTheNextFreeAddress() {
        // Always draws the last but one, and then has to look further down.
        var addresses = new TunnelAddresses(new Random() {
            @Override
            public long nextLong(long origin, long bound) {
                return bound - 1;
            }
        });
        var account = world.accountId;
        assertThat(world.transactions
                        .inAccount(account)
                        .<Object>call(transaction -> addresses
                                .allocate(transaction, account, TunnelAddresses.IPV4_NETWORK)
                                .orElseThrow()))
                .isEqualTo("100.95.255.254");
        assertThat(world.transactions
                        .inAccount(account)
                        .<Object>call(transaction -> addresses
                                .allocate(transaction, account, TunnelAddresses.IPV4_NETWORK)
                                .orElseThrow()))
                .isEqualTo("100.95.255.253");
    }

    /** A plan once went through all two million addresses, each against all that are taken. */
    @Test
    void shouldLookAtOneAddressForOne(TestDatabase database) {
        var addresses = new TunnelAddresses(new Random(1));
        var account = world.accountId;
        database.execute("INSERT INTO tunnel_address (account_id, address) SELECT '" + account
                + "', '100.64.100.0'::inet + n FROM generate_series(1, 1000) n");
        // Of a table that was a page when it was looked at last, all is read for one.
        database.execute("ANALYZE tunnel_address");
        Pool.transactions(database.application()).inAccount(account).run(transaction -> {
            for (var plans : List.of("force_generic_plan", "force_custom_plan")) {
                transaction.update("SET LOCAL plan_cache_mode = " + plans);
                long before = addressesLookedAt(transaction);
                assertThat(addresses.allocate(transaction, account, TunnelAddresses.IPV4_NETWORK))
                        .isPresent();
                assertThat(addressesLookedAt(transaction) - before).as(plans).isLessThanOrEqualTo(1);
            }
        });
    }

    private static long addressesLookedAt(Transaction transaction) {
        return transaction.one(
                "SELECT seq_tup_read + idx_tup_fetch AS rows FROM pg_stat_xact_user_tables"
                        + " WHERE relname = 'tunnel_address'",
                row -> row.number("rows"));
    }

    @Test
    void shouldEndWhatDoesNotHoldWhereTheClientIsNow() {
        var home = world.resource("10.6.0.0/16");
        world.policyFor(home, "remote_ip is_in_cidr 203.0.113.0/24");
        world.decisions.decide(world.ask(home));
        world.authorize();
        admit("serial-1", new Origin("203.0.113.200", null, null));
        assertThat(world.flowCount()).isEqualTo(2);

        admit("serial-1", new Origin("198.51.100.1", null, null));

        assertThat(world.flowCount()).isOne();
        assertThat(world.outbox(world.gateway)).endsWith("reject_access condition");
        assertThat(world.outbox(world.client)).endsWith("resource condition");
    }

    /** It comes again; who waits on would hold a connection that others need. */
    @Test
    void shouldNotWaitLongForARowThatStaysLocked(TestDatabase database) throws Exception {
        try (var other = new Session(database)) {
            other.execute("SELECT FROM client WHERE id = '" + world.client.id() + "' FOR UPDATE");

            assertThatThrownBy(() -> admit("serial-1"))
                    .isInstanceOfSatisfying(
                            DatabaseFailure.class,
                            failure -> assertThat(failure.isLocked()).isTrue());
        }
    }

    @Test
    void shouldNotPassTrustToOtherHardware() {
        admit("serial-1");
        world.execute("UPDATE client SET verified_at = now() WHERE id = ?", world.client.id());
        admit("serial-1");
        assertThat(verified()).isTrue();
        admit("serial-2");
        assertThat(verified()).isFalse();
    }

    @Test
    void shouldRefuseTextThatTheDatabaseCannotHold() {
        for (var name : List.of("external_id", "name", "device_serial", "identifier_for_vendor")) {
            for (var text : List.of("a\u0000b", "a\u001b[31m", "x".repeat(256))) {
                var checked = Admission.check(
                        parameter ->
                                parameter.equals(name) ? text : parameter.equals("external_id") ? "id" : World.key(),
                        "Linux/6.1 headless-client/1.5.4 (x86_64; 6.1)",
                        Origin.UNKNOWN,
                        Dialect.V1);
                assertThat(checked).as(name).isInstanceOf(Admission.Checked.Invalid.class);
            }
        }
        assertThat(Admission.check(
                        parameter -> parameter.equals("external_id") ? "id" : World.key(),
                        "Linux\u0007 headless-client/1.5.4",
                        Origin.UNKNOWN,
                        Dialect.V1))
                .isInstanceOf(Admission.Checked.Invalid.class);
    }

    private void admit(String serial) {
        admit(serial, Origin.UNKNOWN);
    }

    private void admit(String serial, Origin origin) {
        var checked = Admission.check(
                name -> switch (name) {
                    case "external_id" -> "client";
                    case "public_key" -> World.key();
                    case "device_serial" -> serial;
                    default -> null;
                },
                "Linux/6.1 headless-client/1.5.4 (x86_64; 6.1)",
                origin,
                Dialect.V1);
        world.devices.admit(world.shown(world.clientToken), ((Admission.Checked.Valid) checked).admission());
    }

    private boolean verified() {
        return world.one(
                "SELECT verified_at IS NOT NULL AS v FROM client WHERE id = ?",
                row -> row.flag("v"),
                world.client.id());
    }

    private String addresses() {
        return world.one(
                "SELECT host(ipv4) || ' ' || host(ipv6) AS v FROM client WHERE id = ?",
                row -> row.text("v"),
                world.client.id());
    }
}
