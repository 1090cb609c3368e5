package dev.sluice.functions.operator;

import dev.sluice.functions.account.Account;
import dev.sluice.functions.flow.Flow;
import dev.sluice.functions.flow.FlowService;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.stream.StreamService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Flows, and the message that takes access away without touching them. */
@ApplicationScoped
class FlowCommands implements OperatorCommands {
    private record Shown(
            UUID id,
            String account,
            @Nullable String client,
            @Nullable String resource,
            @Nullable String gateway,
            Flow.State state,
            long generation,
            Instant expiresAt,
            UUID clientId,
            UUID resourceId,
            UUID gatewayId,
            UUID policyId) {}

    private record Expired(int flows) {}

    private record Ended(int flows) {}

    private record Told(int messages) {}

    private final Scope scope;
    private final FlowService flows;
    private final StreamService streams;
    private final Devices devices;
    private final Names names;

    @Inject
    FlowCommands(Scope scope, FlowService flows, StreamService streams, Devices devices, Names names) {
        this.scope = scope;
        this.flows = flows;
        this.streams = streams;
        this.devices = devices;
        this.names = names;
    }

    @Override
    public List<OperatorCommand> commands() {
        return List.of(
                new OperatorCommand("flow/list", Set.of("client", "resource", Scope.ACCOUNT), this::list),
                new OperatorCommand("flow/expire", Set.of("flow", "in", "client", Scope.ACCOUNT), this::expire),
                new OperatorCommand("flow/end", Set.of("flow", "client", Scope.ACCOUNT), this::end),
                new OperatorCommand(
                        "reject-access", Set.of("site", "resource", "client", Scope.ACCOUNT), this::rejectAccess));
    }

    private List<Shown> list(OperatorArguments arguments) {
        String client = arguments.optional("client");
        String resource = arguments.optional("resource");
        if (client == null && resource == null) {
            return scope.accounts(arguments).stream()
                    .flatMap(account -> show(account, flows.list(account.id())))
                    .toList();
        }
        var located = scope.locate(arguments, account -> select(account, resource, client));
        return show(located.account(), located.thing()).toList();
    }

    private Expired expire(OperatorArguments arguments) {
        Duration in = arguments.duration("in");
        String reference = arguments.text("flow");
        String client = arguments.optional("client");
        var located = scope.locate(arguments, account -> meant(account, reference, client));
        located.thing().forEach(flow -> flows.expire(located.accountId(), flow.id(), in));
        return new Expired(located.thing().size());
    }

    private Ended end(OperatorArguments arguments) {
        String reference = arguments.text("flow");
        String client = arguments.optional("client");
        var located = scope.locate(arguments, account -> meant(account, reference, client));
        return new Ended(flows.end(
                located.accountId(), located.thing().stream().map(Flow::id).toList()));
    }

    private Told rejectAccess(OperatorArguments arguments) {
        String site = arguments.text("site");
        String resource = arguments.text("resource");
        String client = arguments.optional("client");
        var located = scope.locate(arguments, account -> scope.resource(account, resource));
        UUID account = located.accountId();
        return new Told(streams.rejectAccess(
                account,
                scope.site(account, site).id(),
                located.thing().id(),
                client == null ? null : devices.client(account, client).id()));
    }

    /** The flow of this id, or those to this resource. */
    private List<Flow> meant(UUID account, String reference, @Nullable String client) {
        UUID id = Ids.parse(reference);
        Optional<Flow> called = id == null ? Optional.empty() : flows.find(account, id);
        List<Flow> meant = called.isPresent() ? List.of(called.get()) : select(account, reference, client);
        if (meant.isEmpty()) {
            throw RequestException.notFound("Nobody has a flow to '" + reference + "' now.");
        }
        return meant;
    }

    private List<Flow> select(UUID account, @Nullable String resource, @Nullable String client) {
        UUID resourceId =
                resource == null ? null : scope.resource(account, resource).id();
        UUID clientId = client == null ? null : devices.client(account, client).id();
        return flows.list(account, resourceId, clientId);
    }

    private Stream<Shown> show(Account account, List<Flow> shown) {
        Map<UUID, String> called = names.of(
                account.id(),
                shown.stream().flatMap(flow -> Stream.of(flow.clientId(), flow.resourceId(), flow.gatewayId())));
        return shown.stream()
                .map(flow -> new Shown(
                        flow.id(),
                        account.slug(),
                        Names.of(called, flow.clientId()),
                        Names.of(called, flow.resourceId()),
                        Names.of(called, flow.gatewayId()),
                        flow.state(),
                        flow.generation(),
                        flow.expiresAt(),
                        flow.clientId(),
                        flow.resourceId(),
                        flow.gatewayId(),
                        flow.policyId()));
    }
}
