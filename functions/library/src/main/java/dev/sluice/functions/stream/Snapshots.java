package dev.sluice.functions.stream;

import dev.sluice.channel.ClientCodec;
import dev.sluice.channel.ClientInit;
import dev.sluice.channel.ClientInterface;
import dev.sluice.channel.GatewayCodec;
import dev.sluice.channel.GatewayInit;
import dev.sluice.channel.Resource;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.flow.Reach;
import dev.sluice.functions.sql.Pipeline;
import dev.sluice.functions.sql.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The full set that a device starts from: what is absent is revoked, and nothing is created by it. */
@ApplicationScoped
public class Snapshots {
    private final Reach reach;
    private final Relays relays;

    @Inject
    public Snapshots(Reach reach, Relays relays) {
        this.reach = reach;
        this.relays = relays;
    }

    /** The push that says it; empty if the device's row is gone. */
    Optional<Messages.Push> push(Transaction transaction, Device device) {
        return switch (device.role()) {
            case CLIENT ->
                ofClient(transaction, device)
                        .map(init -> new Messages.Push(
                                ClientCodec.encode(init, null),
                                SluiceExtra.EMPTY,
                                offer -> offer.replaceAll(init.resources().stream()
                                        .map(Resource::id)
                                        .toList())));
            case GATEWAY ->
                ofGateway(transaction, device)
                        .map(init -> new Messages.Push(GatewayCodec.encode(init, null), SluiceExtra.EMPTY));
        };
    }

    /** What a client may ask for; empty if its row is gone. */
    private Optional<ClientInit> ofClient(Transaction transaction, Device device) {
        var pipeline = transaction.pipeline();
        var tunnel = tunnel(pipeline, device);
        var resources = reach.all(transaction, pipeline, device.id());
        return tunnel.get().stream().findFirst().map(end -> new ClientInit(end, resources, relays.all()));
    }

    /** The client's end of the tunnel with the account's settings; empty if its row is gone. */
    Optional<ClientInterface> tunnel(Transaction transaction, Device device) {
        var pipeline = transaction.pipeline();
        var tunnel = tunnel(pipeline, device);
        pipeline.send();
        return tunnel.get().stream().findFirst();
    }

    private static Supplier<List<ClientInterface>> tunnel(Pipeline pipeline, Device device) {
        return pipeline.list(
                """
                SELECT host(c.ipv4) AS ipv4, host(c.ipv6) AS ipv6, a.search_domain, a.upstream_dns
                FROM client c JOIN account a ON a.id = c.account_id WHERE c.account_id = current_account() AND c.id = ?
                """,
                row -> new ClientInterface(
                        row.text("ipv4"),
                        row.text("ipv6"),
                        row.optionalText("search_domain"),
                        row.texts("upstream_dns")),
                device.id());
    }

    /**
     * What a gateway may hold, pending or confirmed: one that was confirmed and is asked for again stays held meanwhile.
     * Empty if its row is gone.
     */
    Optional<GatewayInit> ofGateway(Transaction transaction, Device device) {
        var authorizations = transaction.list(
                """
                SELECT client_id, resource_id, expires_at FROM flow
                WHERE account_id = current_account() AND gateway_id = ? AND expires_at > now() ORDER BY id
                """,
                row -> new GatewayInit.Authorization(
                        row.id("client_id"), row.id("resource_id"), row.instant("expires_at")),
                device.id());
        return transaction.first(
                """
                SELECT a.slug, host(g.ipv4) AS ipv4, host(g.ipv6) AS ipv6
                FROM gateway g JOIN account a ON a.id = g.account_id WHERE g.account_id = current_account() AND g.id = ?
                """,
                row -> new GatewayInit(
                        row.text("slug"), row.text("ipv4"), row.text("ipv6"), relays.all(), authorizations),
                device.id());
    }
}
