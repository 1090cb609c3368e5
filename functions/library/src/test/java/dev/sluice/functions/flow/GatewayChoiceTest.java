package dev.sluice.functions.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Reason;
import dev.sluice.functions.address.Coordinates;
import dev.sluice.functions.device.SoftwareVersion;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GatewayChoiceTest {
    private static final Coordinates BERLIN = new Coordinates(52.52, 13.405);
    private static final Coordinates FRANKFURT = new Coordinates(50.11, 8.68);
    private static final Coordinates SYDNEY = new Coordinates(-33.87, 151.21);

    private final GatewayChoice.Candidate near = gateway(FRANKFURT, "1.4.17");
    private final GatewayChoice.Candidate near2 = gateway(FRANKFURT, "1.4.17");
    private final GatewayChoice.Candidate far = gateway(SYDNEY, "1.4.17");
    private final GatewayChoice.Candidate somewhere = gateway(null, "1.4.17");

    @Test
    void shouldSpreadTheLoadOverTheNearest() {
        assertThat(chosen(List.of(far, near, somewhere, near2), BERLIN)).containsExactlyInAnyOrder(near, near2);
        assertThat(chosen(List.of(somewhere, far), BERLIN)).containsExactly(far);
    }

    @Test
    void shouldSpreadTheLoadOverAllWhereNothingIsKnown() {
        assertThat(chosen(List.of(far, near, somewhere), null)).containsExactlyInAnyOrder(far, near, somewhere);
        assertThat(chosen(List.of(somewhere), BERLIN)).containsExactly(somewhere);
    }

    @Test
    void shouldGoOnWithAGatewayAlthoughAnotherIsNearer() {
        assertThat(chosen(List.of(far, near), BERLIN, far.id())).containsExactly(far);
    }

    @Test
    void shouldGoOnWithAGatewayThatServesItUnlessItIsConnectedWithAnother() {
        assertThat(chosenFor(List.of(near, far), client(BERLIN, List.of(), List.of(far.id()))))
                .containsExactly(far);
        assertThat(chosenFor(List.of(near, far), client(BERLIN, List.of(near.id()), List.of(far.id()))))
                .containsExactly(near);
    }

    @Test
    void shouldServeFromAfarRatherThanByAVersionThatCannot() {
        var old = gateway(FRANKFURT, "0.9.0");
        assertThat(chosen(List.of(old, far), BERLIN)).containsExactly(far);
        assertThat(choose(List.of(old), BERLIN)).isEqualTo(new GatewayChoice.None(Reason.GATEWAY_VERSION));
        assertThat(choose(List.of(), BERLIN)).isEqualTo(new GatewayChoice.None(Reason.GATEWAY_OFFLINE));
    }

    /** All that can be chosen. */
    private static Set<GatewayChoice.Candidate> chosen(
            List<GatewayChoice.Candidate> online, @Nullable Coordinates place, UUID... connected) {
        return chosenFor(online, client(place, List.of(connected), List.of()));
    }

    private static Set<GatewayChoice.Candidate> chosenFor(
            List<GatewayChoice.Candidate> online, GatewayChoice.Client client) {
        return Set.copyOf(((GatewayChoice.Among) GatewayChoice.among(online, "cidr", client)).gateways());
    }

    private static GatewayChoice choose(List<GatewayChoice.Candidate> online, @Nullable Coordinates place) {
        return GatewayChoice.among(online, "cidr", client(place, List.of(), List.of()));
    }

    private static GatewayChoice.Client client(@Nullable Coordinates place, List<UUID> connected, List<UUID> serving) {
        return new GatewayChoice.Client(SoftwareVersion.parse("1.5.4"), place, connected, serving);
    }

    private static GatewayChoice.Candidate gateway(@Nullable Coordinates place, String version) {
        return new GatewayChoice.Candidate(UUID.randomUUID(), "", SoftwareVersion.parse(version), null, place, null);
    }
}
