package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "stream",
        mixinStandardHelpOptions = true,
        description = "What devices are told. Holding it makes a device believe what is no longer true: for tests.")
final class StreamCommands {
    private static final String WHICH = "A client's or gateway's name, tunnel address or id.";

    private final Session session;

    StreamCommands(Session session) {
        this.session = session;
    }

    @Command(description = "Let everything for a device wait.")
    int hold(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "DEVICE", description = WHICH) String device) {
        var located = find(where, device);
        return session.print(
                output,
                DeviceCommands.COLUMNS,
                located.account(),
                located.api().put(path(located), Api.JSON.createObjectNode()));
    }

    @Command(description = "Send what waited.")
    int release(
            @Mixin Output output,
            @Mixin Where where,
            @Parameters(paramLabel = "DEVICE", description = WHICH) String device) {
        var located = find(where, device);
        return session.print(
                output, DeviceCommands.COLUMNS, located.account(), located.api().delete(path(located)));
    }

    private Scope.Located<JsonNode> find(Where where, String device) {
        session.scope().operator();
        return session.one(Kind.DEVICE, where, device);
    }

    private static String path(Scope.Located<JsonNode> device) {
        return "/operator" + Kind.DEVICE.path(device.thing()) + "/hold";
    }
}
