package dev.sluice.functions.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.channel.Dialect;
import dev.sluice.functions.address.Origin;
import dev.sluice.functions.device.Admission;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.stream.Handshake;
import dev.sluice.functions.stream.PushedConnections;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers the events of WebSocket APIs. Such an API knows no paths, so each of ours has a stage: {@code client} and
 * {@code gateway}, and {@code client-v2} and {@code gateway-v2} for the names since 2026-07.
 */
@ApplicationScoped
class SocketEvents {
    private record Stage(Device.Role role, Dialect dialect) {}

    private static final Map<String, Stage> STAGES = Map.of(
            "client", new Stage(Device.Role.CLIENT, Dialect.V1),
            "client-v2", new Stage(Device.Role.CLIENT, Dialect.V2),
            "gateway", new Stage(Device.Role.GATEWAY, Dialect.V1),
            "gateway-v2", new Stage(Device.Role.GATEWAY, Dialect.V2));

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final PushedConnections connections;

    @Inject
    SocketEvents(PushedConnections connections) {
        this.connections = connections;
    }

    ObjectNode answer(Event.Socket event, Duration within) {
        var content = event.content();
        var context = content.path("requestContext");
        var address = new PushAddress(
                        context.path("apiId").asText(),
                        context.path("stage").asText(),
                        context.path("connectionId").asText())
                .toString();
        switch (event.kind()) {
            case CONNECT -> {
                return connect(content, address);
            }
            case MESSAGE -> connections.receive(address, content.path("body").asText(""), within);
            case DISCONNECT -> connections.close(address);
        }
        return answer(OK, Map.of());
    }

    private ObjectNode connect(JsonNode event, String address) {
        var stage = STAGES.get(event.path("requestContext").path("stage").asText());
        if (stage == null) {
            return answer(NOT_FOUND, Map.of());
        }
        var parameters = event.path("queryStringParameters");
        var ip = event.path("requestContext").path("identity").path("sourceIp");
        var checked = Admission.check(
                name -> text(parameters.path(name)),
                header(event, "User-Agent"),
                new Origin(text(ip), null, null),
                stage.dialect());
        return switch (connections.open(
                address,
                stage.role(),
                Handshake.token(header(event, "X-Authorization"), text(parameters.path("token"))),
                checked)) {
            case Handshake.Answer.Admitted admitted -> answer(OK, Map.of());
            case Handshake.Answer.Refused(var status, var headers) -> answer(status, headers);
        };
    }

    private static @Nullable String header(JsonNode event, String name) {
        for (Map.Entry<String, JsonNode> header : event.path("headers").properties()) {
            if (header.getKey().equalsIgnoreCase(name)) {
                return header.getValue().asText();
            }
        }
        return null;
    }

    private static @Nullable String text(JsonNode value) {
        return value.isTextual() ? value.asText() : null;
    }

    private static ObjectNode answer(int status, Map<String, String> headers) {
        var answer = JsonNodeFactory.instance.objectNode().put("statusCode", status);
        headers.forEach(answer.putObject("headers")::put);
        return answer;
    }
}
