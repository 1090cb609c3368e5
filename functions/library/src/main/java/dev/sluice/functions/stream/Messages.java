package dev.sluice.functions.stream;

import dev.sluice.channel.AccessAuthorizationExpiryUpdated;
import dev.sluice.channel.AuthorizeFlow;
import dev.sluice.channel.ClientCodec;
import dev.sluice.channel.ConfigChanged;
import dev.sluice.channel.Detail;
import dev.sluice.channel.FlowCreated;
import dev.sluice.channel.FlowCreationFailed;
import dev.sluice.channel.Frame;
import dev.sluice.channel.GatewayCodec;
import dev.sluice.channel.PortalToClient;
import dev.sluice.channel.PortalToGateway;
import dev.sluice.channel.Reason;
import dev.sluice.channel.RejectAccess;
import dev.sluice.channel.Resource;
import dev.sluice.channel.ResourceCreatedOrUpdated;
import dev.sluice.channel.ResourceDeleted;
import dev.sluice.channel.ResourceUpdated;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.functions.device.ConnectionSecrets;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.resource.ResourceService;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is said about an entry, made at delivery from what then holds. An entry that is overtaken says nothing: a grant that
 * has ended or been renewed since is not announced any more.
 */
@ApplicationScoped
public class Messages {
    /** One push with what our own peers are told beside it, and what it changes of what a client is offered. */
    record Push(Frame frame, SluiceExtra extra, Consumer<Offer> effect) {
        Push(Frame frame, SluiceExtra extra) {
            this(frame, extra, offer -> {});
        }

        /** Offers a resource to a client, or says how it looks now. */
        static Push offers(Resource resource, SluiceExtra extra) {
            return new Push(
                    ClientCodec.encode(new ResourceCreatedOrUpdated(resource), null),
                    extra,
                    offer -> offer.offered(resource.id()));
        }

        /** Takes a resource away from a client. */
        static Push withdraws(UUID resourceId, SluiceExtra extra) {
            return new Push(
                    ClientCodec.encode(new ResourceDeleted(resourceId), null),
                    extra,
                    offer -> offer.withdrawn(resourceId));
        }
    }

    /** A flow with both its ends. */
    private record Granted(
            String state,
            @Nullable UUID ref,
            @Nullable Instant deadline,
            Instant expiresAt,
            Instant now,
            UUID siteId,
            ConnectionSecrets.End client,
            String clientIpv4,
            String clientIpv6,
            ConnectionSecrets.End gateway,
            String gatewayIpv4,
            String gatewayIpv6) {}

    /** Only while the flow has the entry's generation, and both ends the keys for which it was granted. */
    private static final String GRANTED = """
            SELECT f.state, f.ref, f.deadline, f.expires_at, now() AS now, g.site_id,
                   c.id AS client_id, c.public_key AS client_key, c.psk_base AS client_base,
                   host(c.ipv4) AS client_ipv4, host(c.ipv6) AS client_ipv6,
                   g.id AS gateway_id, g.public_key AS gateway_key, g.psk_base AS gateway_base,
                   host(g.ipv4) AS gateway_ipv4, host(g.ipv6) AS gateway_ipv6
            FROM flow f
            JOIN client c ON c.account_id = f.account_id AND c.id = f.client_id AND c.public_key = f.client_public_key
            JOIN gateway g ON g.account_id = f.account_id AND g.id = f.gateway_id
                          AND g.public_key = f.gateway_public_key
            WHERE f.account_id = ? AND f.id = ? AND f.generation = ? AND f.expires_at > now()
            """;

    private final ResourceService resources;
    private final Reach reach;
    private final Snapshots snapshots;

    @Inject
    public Messages(ResourceService resources, Reach reach, Snapshots snapshots) {
        this.resources = resources;
        this.reach = reach;
        this.snapshots = snapshots;
    }

    /** What clients may ask for of what these entries are about, read at once. */
    Map<Reach.Asked, Reach.Reached> reached(Transaction transaction, List<Entry> entries) {
        var asked = entries.stream()
                .filter(entry -> entry.isAboutResource() && entry.clientId() != null && entry.resourceId() != null)
                .map(Messages::asked)
                .toList();
        try {
            return reach.of(transaction, asked);
        } catch (NullPointerException | IllegalArgumentException e) {
            // Of rows that cannot be read only the entries about them suffer.
            return Map.of();
        }
    }

    /**
     * The pushes for an entry, in order; none if it is overtaken. A {@code disconnect} is the deliverer's.
     *
     * @param reached what is known already; the rest is read
     */
    List<Push> of(Transaction transaction, Entry entry, Device device, Map<Reach.Asked, Reach.Reached> reached) {
        return switch (entry.kind()) {
            case AUTHORIZE_FLOW ->
                toGateway(authorizeFlow(transaction, entry), new SluiceExtra(entry.generation(), null));
            case REJECT_ACCESS ->
                toGateway(Optional.of(new RejectAccess(client(entry), resource(entry))), entry.extra());
            case EXPIRY_UPDATED ->
                toGateway(
                        Optional.of(new AccessAuthorizationExpiryUpdated(
                                client(entry), resource(entry), Objects.requireNonNull(entry.expiresAt()))),
                        entry.extra());
            case RESOURCE_FILTERS ->
                toGateway(
                        resources
                                .find(transaction, entry.accountId(), resource(entry))
                                .map(resource -> new ResourceUpdated(resource.view())),
                        entry.extra());
            case FLOW_CREATED -> toClient(flowCreated(transaction, entry), new SluiceExtra(entry.generation(), null));
            case FLOW_FAILED -> {
                var detail = entry.detail() == null ? Detail.of(Reason.NO_POLICY) : entry.detail();
                yield toClient(
                        Optional.of(FlowCreationFailed.of(resource(entry), detail)),
                        new SluiceExtra(entry.generation(), detail));
            }
            case RESOURCE, RESOURCE_MOVED -> {
                var asked = asked(entry);
                var known = reached.get(asked);
                yield resource(entry, device, known == null ? reach.one(transaction, asked) : known);
            }
            case ACCOUNT -> account(transaction, device);
            case DISCONNECT -> List.of();
        };
    }

    private Optional<AuthorizeFlow> authorizeFlow(Transaction transaction, Entry entry) {
        return granted(transaction, entry)
                .filter(flow -> flow.ref() != null
                        && flow.deadline() != null
                        && flow.deadline().isAfter(flow.now()))
                .flatMap(flow -> resources
                        .find(transaction, entry.accountId(), resource(entry))
                        .map(resource -> {
                            var secrets = ConnectionSecrets.derive(flow.client(), flow.gateway());
                            return new AuthorizeFlow(
                                    Objects.requireNonNull(flow.ref()).toString(),
                                    flow.expiresAt(),
                                    resource.view(),
                                    new AuthorizeFlow.GrantedClient(
                                            flow.client().id(),
                                            flow.client().publicKey(),
                                            secrets.presharedKey(),
                                            flow.clientIpv4(),
                                            flow.clientIpv6()),
                                    secrets.client(),
                                    secrets.gateway());
                        }));
    }

    private static Optional<FlowCreated> flowCreated(Transaction transaction, Entry entry) {
        return granted(transaction, entry)
                .filter(flow -> flow.state().equals("authorized"))
                .map(flow -> {
                    var secrets = ConnectionSecrets.derive(flow.client(), flow.gateway());
                    return new FlowCreated(
                            resource(entry),
                            flow.gateway().id(),
                            flow.siteId(),
                            flow.gateway().publicKey(),
                            flow.gatewayIpv4(),
                            flow.gatewayIpv6(),
                            secrets.presharedKey(),
                            secrets.client(),
                            secrets.gateway());
                });
    }

    private static Optional<Granted> granted(Transaction transaction, Entry entry) {
        return transaction.first(GRANTED, Messages::readGranted, entry.accountId(), entry.flowId(), entry.generation());
    }

    private static List<Push> resource(Entry entry, Device device, Reach.Reached reached) {
        return switch (reached) {
            case Reach.Reached.Yes yes -> {
                var updated = Push.offers(yes.resource(), new SluiceExtra(entry.generation(), null));
                yield comesAnew(entry, device)
                        ? List.of(Push.withdraws(resource(entry), entry.extra()), updated)
                        : List.of(updated);
            }
            case Reach.Reached.No no -> {
                var why = entry.detail() == null ? no.detail() : entry.detail();
                yield List.of(Push.withdraws(resource(entry), new SluiceExtra(entry.generation(), why)));
            }
        };
    }

    /**
     * Peers of 2025 cannot move a resource to another site, and go on sending to a gateway that has dropped them, when
     * another policy still reaches the resource: it goes and comes again.
     */
    private static boolean comesAnew(Entry entry, Device device) {
        return entry.kind() == Entry.Kind.RESOURCE_MOVED || (!device.own() && entry.flowId() != null);
    }

    private List<Push> account(Transaction transaction, Device device) {
        return switch (device.role()) {
            case CLIENT -> toClient(snapshots.tunnel(transaction, device).map(ConfigChanged::new), SluiceExtra.EMPTY);
            case GATEWAY -> toGateway(snapshots.ofGateway(transaction, device), SluiceExtra.EMPTY);
        };
    }

    private static List<Push> toClient(Optional<? extends PortalToClient> message, SluiceExtra extra) {
        return message.map(m -> List.of(new Push(ClientCodec.encode(m, null), extra)))
                .orElse(List.of());
    }

    private static List<Push> toGateway(Optional<? extends PortalToGateway> message, SluiceExtra extra) {
        return message.map(m -> List.of(new Push(GatewayCodec.encode(m, null), extra)))
                .orElse(List.of());
    }

    private static Reach.Asked asked(Entry entry) {
        return new Reach.Asked(entry.accountId(), client(entry), resource(entry));
    }

    private static UUID client(Entry entry) {
        return Objects.requireNonNull(entry.clientId());
    }

    private static UUID resource(Entry entry) {
        return Objects.requireNonNull(entry.resourceId());
    }

    private static Granted readGranted(Row row) {
        return new Granted(
                row.text("state"),
                row.optionalId("ref"),
                row.optionalInstant("deadline"),
                row.instant("expires_at"),
                row.instant("now"),
                row.id("site_id"),
                new ConnectionSecrets.End(row.id("client_id"), row.text("client_key"), row.bytes("client_base")),
                row.text("client_ipv4"),
                row.text("client_ipv6"),
                new ConnectionSecrets.End(row.id("gateway_id"), row.text("gateway_key"), row.bytes("gateway_base")),
                row.text("gateway_ipv4"),
                row.text("gateway_ipv6"));
    }
}
