package dev.sluice.functions.stream;

import dev.sluice.channel.Dialect;
import dev.sluice.functions.auth.Credential;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.TypedArray;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table of the connections that a service holds in front of functions. */
final class PushedRows {
    /**
     * One of them.
     *
     * @param address where the service is asked to tell the device something
     * @param fence of the row by which its device is served; null if it has not joined, or joined by another connection since
     * @param silent for how long the device has said nothing
     */
    record Pushed(
            UUID id,
            String address,
            Device device,
            @Nullable Long fence,
            Duration silent) {
        private static Pushed read(Row row) {
            return new Pushed(
                    row.id("id"),
                    row.text("address"),
                    deviceOf(row),
                    row.optionalNumber("fence"),
                    Duration.ofMillis(row.number("silent")));
        }
    }

    /**
     * One whose device is told what waits for it, by whoever has claimed it.
     *
     * @param said how many pushes it was sent
     * @param offered which resources it was offered by them
     * @param whole whether it asked for the whole
     * @param due whether what it was told is to be held against what holds
     */
    record Claimed(
            UUID id,
            String address,
            Device device,
            long fence,
            long said,
            List<UUID> offered,
            boolean whole,
            boolean due) {
        private static Claimed read(Row row) {
            return new Claimed(
                    row.id("id"),
                    row.text("address"),
                    deviceOf(row),
                    row.number("fence"),
                    row.number("said"),
                    row.ids("offered"),
                    row.flag("whole"),
                    row.flag("due"));
        }
    }

    /** More of a device that have not joined are forgotten, the oldest first. */
    private static final int MOST_OPENING = 8;

    /** A service that would not take something is left alone for so long. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private PushedRows() {}

    private static Device deviceOf(Row row) {
        return new Device(
                row.id("device_id"),
                row.id("account_id"),
                new Credential(row.id("token_id"), row.id("secret_id")),
                Device.Role.valueOf(row.text("role").toUpperCase(Locale.ROOT)),
                row.flag("own"),
                Dialect.valueOf(row.text("dialect")));
    }

    /**
     * A device may come in.
     *
     * @param silence for how long it may say nothing
     */
    static void open(Transaction transaction, UUID id, String address, Device device, Duration silence) {
        transaction.update("""
                DELETE FROM instance WHERE id IN (
                    SELECT p.id FROM pushed_connection p LEFT JOIN channel c ON c.instance_id = p.id
                    WHERE p.account_id = current_account() AND p.device_id = ? AND c.device_id IS NULL
                    ORDER BY p.opened_at DESC OFFSET ?)
                """, device.id(), MOST_OPENING);
        transaction.update(
                "INSERT INTO instance (id, silence) VALUES (?, ? * interval '1 millisecond')", id, silence.toMillis());
        transaction.update(
                """
                INSERT INTO pushed_connection (
                    id, account_id, address, device_id, role, token_id, secret_id, own, dialect)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                id,
                device.accountId(),
                address,
                device.id(),
                device.role().word(),
                device.credential().tokenId(),
                device.credential().secretId(),
                device.own(),
                device.dialect().name());
    }

    /**
     * The connection at an address.
     *
     * @param heard the device has just said something
     */
    static Optional<Pushed> at(Transaction transaction, String address, boolean heard) {
        return transaction.first(
                "SELECT (connection).*, fence, silent FROM pushed_connection_at(?, ?)", Pushed::read, address, heard);
    }

    /** Those whose device has said nothing for too long, or has not joined in time. */
    static List<Pushed> over(Transaction transaction, Duration joinWithin, int most) {
        return transaction.list(
                "SELECT (connection).*, fence, silent FROM pushed_connections_over(? * interval '1 millisecond', ?)",
                Pushed::read,
                joinWithin.toMillis(),
                most);
    }

    /** The other connections by which a device is served. */
    static List<Pushed> others(Transaction transaction, Pushed connection) {
        return transaction.list("""
                SELECT p.*, c.fence, 0::bigint AS silent FROM pushed_connection p JOIN channel c ON c.instance_id = p.id
                WHERE p.account_id = current_account() AND c.device_id = ? AND p.id <> ?
                """, Pushed::read, connection.device().id(), connection.id());
    }

    /** Takes it for one who is the first to tell its device something. */
    static void take(Transaction transaction, UUID id, UUID holder, Duration lease) {
        transaction.update("""
                UPDATE pushed_connection SET lease = ?, leased_until = now() + ? * interval '1 millisecond'
                WHERE account_id = current_account() AND id = ?
                """, holder, lease.toMillis(), id);
    }

    /**
     * Takes those for one whose devices something waits for, and whom nobody else has.
     *
     * @param wholes the devices that have asked for the whole
     * @param checkEvery those that were not checked for so long, too; null for none
     */
    static List<Claimed> claim(
            Transaction transaction,
            UUID holder,
            Duration lease,
            Collection<UUID> wholes,
            @Nullable Duration checkEvery,
            int most) {
        return transaction.list(
                """
                SELECT (connection).*, fence, whole, due
                FROM claim_pushed_connections(
                    ?, ? * interval '1 millisecond', ?::uuid[], ?::bigint * interval '1 millisecond', ?)
                """,
                Claimed::read,
                holder,
                lease.toMillis(),
                TypedArray.ofIds(wholes),
                checkEvery == null ? null : checkEvery.toMillis(),
                most);
    }

    /**
     * Gives one back.
     *
     * @param channel by which its device was told something
     * @param behind not all could be sent: the device is to be told the whole, and not at once
     */
    static void release(Transaction transaction, UUID id, UUID holder, Channel channel, boolean behind) {
        transaction.update(
                """
                UPDATE pushed_connection
                SET said = ?, offered = ?, snapshot_wanted = snapshot_wanted OR ?, lease = NULL,
                    leased_until = CASE WHEN ? THEN now() + ? * interval '1 millisecond' END
                WHERE account_id = current_account() AND id = ? AND lease = ?
                """,
                channel.said().get(),
                TypedArray.ofIds(channel.offer().resources()),
                behind,
                behind,
                PAUSE.toMillis(),
                id,
                holder);
    }

    /** One has ended. */
    static void forget(Transaction transaction, UUID id) {
        transaction.update("DELETE FROM instance WHERE id = ?", id);
    }
}
