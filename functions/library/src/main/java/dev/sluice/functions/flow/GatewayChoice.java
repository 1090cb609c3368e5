package dev.sluice.functions.flow;

import dev.sluice.channel.Reason;
import dev.sluice.functions.address.Coordinates;
import dev.sluice.functions.device.SoftwareVersion;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which gateways may serve a client. Pure. */
sealed interface GatewayChoice {
    /**
     * A gateway that is online and stands at a site of the resource.
     *
     * @param place null if not known
     * @param serves the types of resources that it says it serves; null if it does not say
     */
    record Candidate(
            UUID id,
            String publicKey,
            Optional<SoftwareVersion> version,
            @Nullable String remoteIp,
            @Nullable Coordinates place,
            @Nullable List<String> serves) {
        /** @param client its version; empty if it cannot be read, and then none is usable */
        boolean isUsableBy(Optional<SoftwareVersion> client) {
            return client.isPresent()
                    && version.filter(own -> own.serves(client.get())).isPresent();
        }

        boolean serves(String type) {
            return serves == null || serves.contains(type);
        }
    }

    /**
     * Who is to be served.
     *
     * @param version empty if it cannot be read, and then nobody serves it
     * @param place null if not known
     * @param connected gateways that it has a connection with
     * @param serving gateways that serve it for this resource already
     */
    record Client(
            Optional<SoftwareVersion> version, @Nullable Coordinates place, List<UUID> connected, List<UUID> serving) {}

    /** Each of these is as good as another. */
    record Among(List<Candidate> gateways) implements GatewayChoice {
        Candidate one(RandomGenerator random) {
            return gateways.get(random.nextInt(gateways.size()));
        }
    }

    record None(Reason reason) implements GatewayChoice {}

    /** There are some, but none that serves resources of this type. */
    record Unable() implements GatewayChoice {}

    /**
     * Those of a version that serves the client: of these the ones that the client is connected with, if there are any, else
     * those that serve it already, and else those nearest to it.
     *
     * @param type of the resource
     */
    static GatewayChoice among(List<Candidate> online, String type, Client client) {
        if (online.isEmpty()) {
            return new None(Reason.GATEWAY_OFFLINE);
        }
        var able = online.stream().filter(gateway -> gateway.serves(type)).toList();
        if (able.isEmpty()) {
            return new Unable();
        }
        var compatible = able.stream()
                .filter(gateway -> gateway.isUsableBy(client.version()))
                .toList();
        if (compatible.isEmpty()) {
            return new None(Reason.GATEWAY_VERSION);
        }
        return new Among(first(
                compatible.stream()
                        .filter(gateway -> client.connected().contains(gateway.id()))
                        .toList(),
                compatible.stream()
                        .filter(gateway -> client.serving().contains(gateway.id()))
                        .toList(),
                nearest(compatible, client.place())));
    }

    /** All that are as near as the nearest; those whose place is not known are farther than all others. */
    private static List<Candidate> nearest(List<Candidate> gateways, @Nullable Coordinates place) {
        if (place == null) {
            return gateways;
        }
        double least = gateways.stream()
                .mapToDouble(gateway -> distance(gateway, place))
                .min()
                .orElseThrow();
        return gateways.stream()
                .filter(gateway -> distance(gateway, place) == least)
                .toList();
    }

    private static double distance(Candidate gateway, Coordinates place) {
        return gateway.place() == null
                ? Double.POSITIVE_INFINITY
                : gateway.place().kilometersTo(place);
    }

    @SafeVarargs
    private static List<Candidate> first(List<Candidate>... choices) {
        return Stream.of(choices)
                .filter(choice -> !choice.isEmpty())
                .findFirst()
                .orElseThrow();
    }
}
