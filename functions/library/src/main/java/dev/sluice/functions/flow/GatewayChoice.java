package dev.sluice.functions.flow;

import dev.sluice.channel.Reason;
import dev.sluice.functions.device.SoftwareVersion;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Chooses the gateway that serves a client. Pure but for the dice. */
sealed interface GatewayChoice {
    /**
     * A gateway that is online and stands at a site of the resource.
     *
     * @param serves the types of resources that it says it serves; null if it does not say
     * @param serving whether it serves this client for this resource already
     */
    record Candidate(
            UUID id,
            String publicKey,
            Optional<SoftwareVersion> version,
            @Nullable String remoteIp,
            @Nullable List<String> serves,
            boolean serving) {
        boolean serves(String type) {
            return serves == null || serves.contains(type);
        }
    }

    record Chosen(Candidate gateway) implements GatewayChoice {}

    record None(Reason reason) implements GatewayChoice {}

    /** There are some, but none that serves resources of this type. */
    record Unable() implements GatewayChoice {}

    /**
     * One at random among those of a version that serves the client; of these one that the client is connected with, if
     * there is any, and else one that serves it already.
     *
     * @param type of the resource
     * @param client a client whose version cannot be read is served by none
     */
    static GatewayChoice choose(
            List<Candidate> online,
            String type,
            Optional<SoftwareVersion> client,
            List<UUID> connected,
            RandomGenerator random) {
        if (online.isEmpty()) {
            return new None(Reason.GATEWAY_OFFLINE);
        }
        var able = online.stream().filter(gateway -> gateway.serves(type)).toList();
        if (able.isEmpty()) {
            return new Unable();
        }
        var compatible = able.stream()
                .filter(gateway -> client.isPresent()
                        && gateway.version().filter(v -> v.serves(client.get())).isPresent())
                .toList();
        if (compatible.isEmpty()) {
            return new None(Reason.GATEWAY_VERSION);
        }
        var from = first(
                compatible.stream()
                        .filter(gateway -> connected.contains(gateway.id()))
                        .toList(),
                compatible.stream().filter(Candidate::serving).toList(),
                compatible);
        return new Chosen(from.get(random.nextInt(from.size())));
    }

    @SafeVarargs
    private static List<Candidate> first(List<Candidate>... choices) {
        return Stream.of(choices)
                .filter(choice -> !choice.isEmpty())
                .findFirst()
                .orElseThrow();
    }
}
