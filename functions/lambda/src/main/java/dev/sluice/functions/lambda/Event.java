package dev.sluice.functions.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;

/** What a function is called with, by its shape. */
sealed interface Event {
    /** A request, as an HTTP API or a function's URL sends it: payload format version 2.0. */
    record Http(JsonNode content) implements Event {}

    /**
     * It is time for what is done again and again: {@code {"schedule":"PT1M"}}, which is what the schedule is told to send.
     *
     * @param period after which the next comes
     */
    record Schedule(Duration period) implements Event {}

    /** A device that connects, says something or is gone, as a WebSocket API sends it. */
    record Socket(Kind kind, JsonNode content) implements Event {
        enum Kind {
            CONNECT,
            MESSAGE,
            DISCONNECT
        }
    }

    /** None of these: it cannot be answered, and whoever sent it is to hear that. */
    record Unknown(String why) implements Event {}

    /** What an event is. */
    static Event of(JsonNode content) {
        if (content.path("requestContext").path("http").path("method").isTextual()) {
            return content.path("version").asText().equals("2.0")
                    ? new Http(content)
                    : new Unknown("a request of another payload format version than 2.0");
        }
        if (content.path("requestContext").path("connectionId").isTextual()) {
            return switch (content.path("requestContext").path("eventType").asText()) {
                case "CONNECT" -> new Socket(Socket.Kind.CONNECT, content);
                case "MESSAGE" -> new Socket(Socket.Kind.MESSAGE, content);
                case "DISCONNECT" -> new Socket(Socket.Kind.DISCONNECT, content);
                default -> new Unknown("of a WebSocket API, and neither CONNECT nor MESSAGE nor DISCONNECT");
            };
        }
        if (content.path("schedule").isTextual()) {
            try {
                var period = Duration.parse(content.path("schedule").asText());
                return period.isPositive() ? new Schedule(period) : new Unknown("a schedule of no time");
            } catch (DateTimeException e) {
                return new Unknown("a schedule whose period is none, such as PT1M");
            }
        }
        return new Unknown("neither a request of an HTTP API nor of a WebSocket API nor a schedule");
    }
}
