package dev.sluice.functions.operator;

import dev.sluice.functions.device.DeviceSummary;
import dev.sluice.functions.stream.StreamService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Devices and their streams. Holding one makes the device believe what is no longer true; that is for tests. */
@ApplicationScoped
class StreamCommands implements OperatorCommands {
    private static final Set<String> WHICH = Set.of("device", Scope.ACCOUNT);

    private final Scope scope;
    private final StreamService streams;
    private final Devices devices;

    @Inject
    StreamCommands(Scope scope, StreamService streams, Devices devices) {
        this.scope = scope;
        this.streams = streams;
        this.devices = devices;
    }

    @Override
    public List<OperatorCommand> commands() {
        return List.of(
                new OperatorCommand("device/list", Set.of(Scope.ACCOUNT), this::list),
                new OperatorCommand("stream/hold", WHICH, this::hold),
                new OperatorCommand("stream/release", WHICH, this::release),
                new OperatorCommand("stream/new-epoch", Set.of(), this::newEpoch));
    }

    private List<DeviceSummary> list(OperatorArguments arguments) {
        return scope.accounts(arguments).stream()
                .flatMap(account -> devices.list(account.id()).stream())
                .toList();
    }

    private DeviceSummary hold(OperatorArguments arguments) {
        var located = find(arguments);
        UUID id = located.thing().id();
        streams.hold(located.accountId(), id);
        return devices.find(located.accountId(), id.toString());
    }

    private DeviceSummary release(OperatorArguments arguments) {
        var located = find(arguments);
        UUID id = located.thing().id();
        streams.release(located.accountId(), id);
        return devices.find(located.accountId(), id.toString());
    }

    /** The epoch that begins. */
    private record Epoch(long epoch) {}

    private Epoch newEpoch(OperatorArguments arguments) {
        return new Epoch(streams.beginEpoch());
    }

    private Scope.Located<DeviceSummary> find(OperatorArguments arguments) {
        String reference = arguments.text("device");
        return scope.locate(arguments, account -> devices.find(account, reference));
    }
}
