package dev.sluice.functions.operator;

import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** The clients and gateways of an account, and whether they are connected. */
@ApplicationScoped
class Devices {
    enum Role {
        CLIENT,
        GATEWAY
    }

    record Device(UUID id, Role role, String name, String ipv4, String ipv6, boolean online, boolean held) {}

    private static final String LIST = """
            SELECT d.id, d.role, d.name, host(d.ipv4) AS ipv4, host(d.ipv6) AS ipv6,
                   EXISTS (SELECT FROM channel c WHERE c.device_id = d.id) AS online,
                   EXISTS (SELECT FROM stream_hold h WHERE h.device_id = d.id) AS held
            FROM (SELECT id, account_id, 'CLIENT' AS role, name, ipv4, ipv6 FROM client
                  UNION ALL
                  SELECT id, account_id, 'GATEWAY', name, ipv4, ipv6 FROM gateway) d
            WHERE d.account_id = ?
            ORDER BY d.role, d.name, d.id
            """;

    private final Transactions transactions;

    @Inject
    Devices(Transactions transactions) {
        this.transactions = transactions;
    }

    List<Device> list(UUID account) {
        return transactions.call(transaction -> transaction.list(LIST, Devices::read, account));
    }

    /** The device of this name, tunnel address or id. */
    Device find(UUID account, String reference) {
        return find(list(account), "device", reference);
    }

    /** The client of this name, tunnel address or id. */
    Device client(UUID account, String reference) {
        return find(
                list(account).stream()
                        .filter(device -> device.role() == Role.CLIENT)
                        .toList(),
                "client",
                reference);
    }

    private static Device find(List<Device> devices, String what, String reference) {
        return References.one(
                devices, what, reference, Device::id, device -> Stream.of(device.name(), device.ipv4(), device.ipv6()));
    }

    private static Device read(Row row) {
        return new Device(
                row.id("id"),
                Role.valueOf(row.text("role")),
                row.text("name"),
                row.text("ipv4"),
                row.text("ipv6"),
                row.flag("online"),
                row.flag("held"));
    }
}
