package dev.sluice.functions.operator;

import dev.sluice.functions.flow.Flow;
import dev.sluice.functions.flow.FlowService;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.stream.StreamService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Flows, and the message that takes access away without touching them. */
@ApplicationScoped
class FlowCommands implements OperatorCommands {
    private record Shown(
            UUID id,
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
                new OperatorCommand(
                        "reject-access", Set.of("site", "resource", "client", Scope.ACCOUNT), this::rejectAccess));
    }

    private List<Shown> list(OperatorArguments arguments) {
        UUID account = scope.account(arguments).id();
        UUID client = client(account, arguments);
        String reference = arguments.optional("resource");
        UUID resource =
                reference == null ? null : scope.resource(account, reference).id();
        Map<UUID, String> resources = names.resources(account);
        Map<UUID, String> called =
                devices.list(account).stream().collect(Collectors.toMap(Devices.Device::id, Devices.Device::name));
        return flows.list(account).stream()
                .filter(flow -> client == null || flow.clientId().equals(client))
                .filter(flow -> resource == null || flow.resourceId().equals(resource))
                .map(flow -> new Shown(
                        flow.id(),
                        Names.of(called, flow.clientId()),
                        Names.of(resources, flow.resourceId()),
                        Names.of(called, flow.gatewayId()),
                        flow.state(),
                        flow.generation(),
                        flow.expiresAt(),
                        flow.clientId(),
                        flow.resourceId(),
                        flow.gatewayId(),
                        flow.policyId()))
                .toList();
    }

    private Expired expire(OperatorArguments arguments) {
        UUID account = scope.account(arguments).id();
        Duration in = arguments.duration("in");
        UUID client = client(account, arguments);
        String reference = arguments.text("flow");
        List<Flow> all = flows.list(account);
        List<Flow> meant = all.stream()
                .filter(flow -> flow.id().toString().equalsIgnoreCase(reference))
                .toList();
        if (meant.isEmpty()) {
            UUID resource = scope.resource(account, reference).id();
            meant = all.stream()
                    .filter(flow -> flow.resourceId().equals(resource))
                    .filter(flow -> client == null || flow.clientId().equals(client))
                    .toList();
        }
        if (meant.isEmpty()) {
            throw RequestException.notFound("Nobody has a flow to '" + reference + "' now.");
        }
        meant.forEach(flow -> flows.expire(account, flow.id(), in));
        return new Expired(meant.size());
    }

    private Told rejectAccess(OperatorArguments arguments) {
        UUID account = scope.account(arguments).id();
        UUID site = scope.site(account, arguments.text("site")).id();
        UUID resource = scope.resource(account, arguments.text("resource")).id();
        return new Told(streams.rejectAccess(account, site, resource, client(account, arguments)));
    }

    private @Nullable UUID client(UUID account, OperatorArguments arguments) {
        String reference = arguments.optional("client");
        return reference == null ? null : devices.client(account, reference).id();
    }
}
