package dev.sluice.functions.device;

import dev.sluice.channel.Reason;
import dev.sluice.functions.auth.Authentication;
import dev.sluice.functions.device.Device.Role;
import dev.sluice.functions.entity.Listing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.plan.Plans;
import dev.sluice.functions.policy.Conformance;
import dev.sluice.functions.sql.DatabaseFailure;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Pipeline;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes and refreshes the rows of devices when they connect, and finds them. */
@ApplicationScoped
public class DeviceService {
    /** What became of a device that wants in. */
    public sealed interface Admitted {
        record Accepted(Device device) implements Admitted {}

        record Refused(Reason reason) implements Admitted {}
    }

    private static final int PSK_BASE_BYTES = 32;

    /** Addresses are compared as texts, by an index: not every word is an address. */
    private static final String DEVICES = """
            (SELECT account_id, id, 'client' AS role, name, host(ipv4) AS ipv4, host(ipv6) AS ipv6, last_seen_version,
                    last_seen_at
             FROM client
             UNION ALL
             SELECT account_id, id, 'gateway', name, host(ipv4), host(ipv6), last_seen_version, last_seen_at
             FROM gateway) AS d
            """;

    private static final String COLUMNS = "d.*, EXISTS (SELECT FROM online o WHERE o.device_id = d.id) AS online";

    private final Transactions transactions;
    private final SecureRandom random = new SecureRandom();
    private final TunnelAddresses addresses = new TunnelAddresses(random);

    @Inject
    public DeviceService(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Refreshes the row of the device that shows this token, or makes it, with addresses that stay. */
    public Admitted admit(Authentication.Accepted shown, Admission admission) {
        try {
            return admitOnce(shown, admission);
        } catch (DatabaseFailure e) {
            if (e.isDuplicate()) {
                // Another connection of the same new device was first: its row is there now.
                return admitOnce(shown, admission);
            }
            throw e;
        }
    }

    private Admitted admitOnce(Authentication.Accepted shown, Admission admission) {
        return transactions.inAccount(shown.token().accountId()).callImpatiently(transaction -> switch (shown.token()
                .type()) {
            case CLIENT -> admitClient(transaction, shown, admission);
            case GATEWAY -> admitGateway(transaction, shown, admission);
            case API_CLIENT, DIRECTORY, BROWSER, SIGN_IN, EMAIL ->
                throw new IllegalArgumentException("no device signs in with such a token");
        });
    }

    /**
     * A page of devices with what is known of them.
     *
     * @param called their name or address in the tunnel; null for all
     */
    public Page<DeviceSummary> page(UUID accountId, @Nullable String called, PageRequest request) {
        return transactions
                .inAccount(accountId)
                .search(transaction -> new Listing(COLUMNS, DEVICES, "d.id")
                        .where("d.account_id = ?", accountId)
                        .called(called, "d.name", "d.ipv4", "d.ipv6")
                        .page(transaction, request, DeviceService::readSummary, DeviceSummary::id));
    }

    /** @throws RequestException when the account has none of this id */
    public DeviceSummary get(UUID accountId, UUID id) {
        return transactions
                .inAccount(accountId)
                .call(transaction -> transaction
                        .first(
                                "SELECT " + COLUMNS + " FROM " + DEVICES + " WHERE d.account_id = ? AND d.id = ?",
                                DeviceService::readSummary,
                                accountId,
                                id)
                        .orElseThrow(() -> RequestException.notFound("There is no device " + id + ".")));
    }

    private static DeviceSummary readSummary(Row row) {
        return new DeviceSummary(
                row.id("id"),
                row.text("role"),
                row.text("name"),
                row.text("ipv4"),
                row.text("ipv6"),
                row.text("last_seen_version"),
                row.instant("last_seen_at"),
                row.flag("online"));
    }

    private Admitted admitClient(Transaction transaction, Authentication.Accepted shown, Admission admission) {
        var token = shown.token();
        var actorId = Objects.requireNonNull(token.actorId());
        var hardware = admission.hardware();
        var pipeline = transaction.pipeline();
        var mayConnect = Plans.mayConnect(pipeline, token.accountId(), actorId);
        var found = lock(pipeline, actorId, admission);
        pipeline.send();
        if (!mayConnect.test(transaction)) {
            return new Admitted.Refused(Reason.LIMIT);
        }
        if (!found.get().isEmpty()) {
            var known = found.get().getFirst();
            refresh(transaction, token.accountId(), known, admission);
            return accepted(known.id(), shown, Role.CLIENT, admission);
        }
        var addressPair = allocate(transaction, token.accountId());
        if (addressPair.isEmpty()) {
            return new Admitted.Refused(Reason.LIMIT);
        }
        var id = Ids.next();
        transaction.update(
                """
                INSERT INTO client (id, account_id, actor_id, external_id, name, public_key, psk_base, ipv4, ipv6,
                                    device_serial, device_uuid, identifier_for_vendor, firebase_installation_id,
                                    last_seen_version, last_seen_user_agent, last_seen_remote_ip, last_seen_region,
                                    last_seen_latitude, last_seen_longitude)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?::inet, ?::inet, ?, ?, ?, ?, ?, ?, ?::inet, ?, ?, ?)
                """,
                id,
                token.accountId(),
                actorId,
                admission.externalId(),
                admission.name(),
                admission.publicKey(),
                pskBase(),
                addressPair.get().ipv4(),
                addressPair.get().ipv6(),
                hardware.serial(),
                hardware.uuid(),
                hardware.identifierForVendor(),
                hardware.firebaseInstallationId(),
                admission.version().toString(),
                admission.userAgent(),
                admission.origin().remoteIp(),
                admission.origin().region(),
                admission.latitude(),
                admission.longitude());
        return accepted(id, shown, Role.CLIENT, admission);
    }

    /** @param other whether it was verified, and is other hardware now */
    private record Known(UUID id, boolean other) {}

    /** The client's row, if there is one, which is locked once the pipeline was sent. */
    private static Supplier<List<Known>> lock(Pipeline pipeline, UUID actorId, Admission admission) {
        var hardware = admission.hardware();
        return pipeline.list(
                """
                SELECT id, verified_at IS NOT NULL
                    AND NOT (coalesce(device_serial = ?, device_serial IS NULL)
                         AND coalesce(device_uuid = ?, device_uuid IS NULL)
                         AND coalesce(identifier_for_vendor = ?, identifier_for_vendor IS NULL)
                         AND coalesce(firebase_installation_id = ?, firebase_installation_id IS NULL)) AS other
                FROM client WHERE account_id = current_account() AND actor_id = ? AND external_id = ?
                FOR NO KEY UPDATE
                """,
                row -> new Known(row.id("id"), row.flag("other")),
                hardware.serial(),
                hardware.uuid(),
                hardware.identifierForVendor(),
                hardware.firebaseInstallationId(),
                actorId,
                admission.externalId());
    }

    /**
     * Takes the turn of a client whose row is locked, says from where it comes, and ends the trust in it if it is other
     * hardware now: trust does not pass on. That ends access, and takes the account's turn; connecting does not.
     */
    private static void refresh(Transaction transaction, UUID accountId, Known known, Admission admission) {
        var hardware = admission.hardware();
        var pipeline = transaction.pipeline();
        Turns.takeOfClient(pipeline, known.id());
        if (known.other()) {
            Turns.take(pipeline, accountId);
            pipeline.run(
                    "UPDATE client SET verified_at = NULL WHERE account_id = current_account() AND id = ?", known.id());
        }
        pipeline.run(
                """
                UPDATE client SET
                    public_key = ?, last_seen_at = now(), last_seen_version = ?, last_seen_user_agent = ?,
                    last_seen_remote_ip = ?::inet, last_seen_region = ?, last_seen_latitude = ?, last_seen_longitude = ?,
                    device_serial = coalesce(?, device_serial), device_uuid = coalesce(?, device_uuid),
                    identifier_for_vendor = coalesce(?, identifier_for_vendor),
                    firebase_installation_id = coalesce(?, firebase_installation_id)
                WHERE account_id = current_account() AND id = ?
                """,
                admission.publicKey(),
                admission.version().toString(),
                admission.userAgent(),
                admission.origin().remoteIp(),
                admission.origin().region(),
                admission.latitude(),
                admission.longitude(),
                hardware.serial(),
                hardware.uuid(),
                hardware.identifierForVendor(),
                hardware.firebaseInstallationId(),
                known.id());
        Conformance.enforce(transaction, pipeline, accountId, known.id());
    }

    private Admitted admitGateway(Transaction transaction, Authentication.Accepted shown, Admission admission) {
        var token = shown.token();
        var siteId = Objects.requireNonNull(token.siteId());
        var known = transaction.first(
                """
                UPDATE gateway SET
                    public_key = ?, last_seen_at = now(), last_seen_version = ?, last_seen_user_agent = ?,
                    last_seen_remote_ip = ?::inet, last_seen_latitude = ?, last_seen_longitude = ?, serves = ?
                WHERE account_id = current_account() AND site_id = ? AND external_id = ?
                RETURNING id
                """,
                row -> row.id("id"),
                admission.publicKey(),
                admission.version().toString(),
                admission.userAgent(),
                admission.origin().remoteIp(),
                admission.latitude(),
                admission.longitude(),
                admission.serves(),
                siteId,
                admission.externalId());
        if (known.isPresent()) {
            return accepted(known.get(), shown, Role.GATEWAY, admission);
        }
        var addressPair = allocate(transaction, token.accountId());
        if (addressPair.isEmpty()) {
            return new Admitted.Refused(Reason.LIMIT);
        }
        var id = Ids.next();
        transaction.update(
                """
                INSERT INTO gateway (id, account_id, site_id, external_id, name, public_key, psk_base, ipv4, ipv6,
                                     last_seen_version, last_seen_user_agent, last_seen_remote_ip,
                                     last_seen_latitude, last_seen_longitude, serves)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?::inet, ?::inet, ?, ?, ?::inet, ?, ?, ?)
                """,
                id,
                token.accountId(),
                siteId,
                admission.externalId(),
                admission.name(),
                admission.publicKey(),
                pskBase(),
                addressPair.get().ipv4(),
                addressPair.get().ipv6(),
                admission.version().toString(),
                admission.userAgent(),
                admission.origin().remoteIp(),
                admission.latitude(),
                admission.longitude(),
                admission.serves());
        return accepted(id, shown, Role.GATEWAY, admission);
    }

    private record Addresses(String ipv4, String ipv6) {}

    private Optional<Addresses> allocate(Transaction transaction, UUID accountId) {
        return addresses
                .allocate(transaction, accountId, TunnelAddresses.IPV4_NETWORK)
                .flatMap(ipv4 -> addresses
                        .allocate(transaction, accountId, TunnelAddresses.IPV6_NETWORK)
                        .map(ipv6 -> new Addresses(ipv4, ipv6)));
    }

    private byte[] pskBase() {
        byte[] base = new byte[PSK_BASE_BYTES];
        random.nextBytes(base);
        return base;
    }

    private static Admitted accepted(UUID id, Authentication.Accepted shown, Role role, Admission admission) {
        return new Admitted.Accepted(new Device(
                id, shown.token().accountId(), shown.credential(), role, admission.own(), admission.dialect()));
    }
}
