package dev.sluice.functions.stream;

import static java.util.stream.Collectors.toMap;

import dev.sluice.channel.AccessAuthorizationExpiryUpdated;
import dev.sluice.channel.AuthorizeFlow;
import dev.sluice.channel.ClientCodec;
import dev.sluice.channel.ConfigChanged;
import dev.sluice.channel.Detail;
import dev.sluice.channel.FlowCreated;
import dev.sluice.channel.FlowCreationFailed;
import dev.sluice.channel.ForeignPeer;
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
import dev.sluice.functions.flow.FlowRef;
import dev.sluice.functions.flow.GrantedFlow;
import dev.sluice.functions.flow.Reach;
import dev.sluice.functions.resource.ResourceRow;
import dev.sluice.functions.resource.ResourceRows;
import dev.sluice.functions.sql.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

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

    private final ResourceRows resources;
    private final Reach reach;
    private final Snapshots snapshots;

    @Inject
    public Messages(ResourceRows resources, Reach reach, Snapshots snapshots) {
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

    /** The resources that flows are granted for, read at once. */
    Map<UUID, ResourceRow> resources(Transaction transaction, List<Entry> entries) {
        var granted = entries.stream()
                .filter(entry -> entry.kind() == Entry.Kind.AUTHORIZE_FLOW && entry.granted() != null)
                .map(Messages::resource)
                .distinct()
                .toList();
        return resources.list(transaction, granted).stream().collect(toMap(ResourceRow::id, Function.identity()));
    }

    /**
     * The pushes for an entry, in order; none if it is overtaken. A {@code disconnect} is the deliverer's.
     *
     * @param reached what is known already; the rest is read
     * @param granted the resources that flows are granted for
     */
    List<Push> of(
            Transaction transaction,
            Entry entry,
            Device device,
            Map<Reach.Asked, Reach.Reached> reached,
            Map<UUID, ResourceRow> granted) {
        return switch (entry.kind()) {
            case AUTHORIZE_FLOW ->
                granting(
                        entry,
                        device,
                        toGateway(authorizeFlow(entry, granted), new SluiceExtra(entry.generation(), null)));
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
                                .find(transaction, resource(entry))
                                .map(resource -> new ResourceUpdated(resource.view())),
                        entry.extra());
            case FLOW_CREATED ->
                granting(entry, device, toClient(flowCreated(entry), new SluiceExtra(entry.generation(), null)));
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

    private static List<Push> granting(Entry entry, Device device, List<Push> pushes) {
        return device.own()
                ? pushes
                : pushes.stream()
                        .map(push -> new Push(
                                ForeignPeer.granting(push.frame(), IngestToken.of(entry, device)), push.extra()))
                        .toList();
    }

    private static Optional<AuthorizeFlow> authorizeFlow(Entry entry, Map<UUID, ResourceRow> resources) {
        return Optional.ofNullable(entry.granted())
                .filter(GrantedFlow::isAsked)
                .flatMap(flow -> Optional.ofNullable(resources.get(resource(entry)))
                        .map(resource -> {
                            var secrets = ConnectionSecrets.derive(flow.client(), flow.gateway());
                            return new AuthorizeFlow(
                                    new FlowRef(
                                                    Objects.requireNonNull(entry.flowId()),
                                                    Objects.requireNonNull(flow.ref()))
                                            .toString(),
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

    private static Optional<FlowCreated> flowCreated(Entry entry) {
        return Optional.ofNullable(entry.granted())
                .filter(GrantedFlow::isConfirmed)
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
        return new Reach.Asked(client(entry), resource(entry));
    }

    private static UUID client(Entry entry) {
        return Objects.requireNonNull(entry.clientId());
    }

    private static UUID resource(Entry entry) {
        return Objects.requireNonNull(entry.resourceId());
    }
}
