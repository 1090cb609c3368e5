package dev.sluice.datapath.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.gateway.GatewayStatus;
import dev.sluice.datapath.wire.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SilentResourcesTest {
    private static final UUID RESOURCE = new UUID(0, 1);

    private int looks;
    private Optional<String> answer = Optional.of("there is no way back");
    private final SilentResources silent = new SilentResources(packets -> {
        looks++;
        return answer;
    });

    @Test
    void shouldLookOnceAClientHasSentForAWhileWithoutAnAnswer() {
        consider(4, 0, 4);
        assertThat(looks).isZero();

        consider(6, 0, 5);

        assertThat(looks).isEqualTo(1);
        assertThat(silent.finding(RESOURCE)).hasValue("there is no way back");
    }

    @Test
    void shouldNotLookWhileNobodySends() {
        consider(60, 0, 20);

        assertThat(looks).isZero();
    }

    @Test
    void shouldLookAgainOnlyAfterAWhile() {
        consider(6, 0, 6);
        consider(20, 0, 20);
        assertThat(looks).isEqualTo(1);

        answer = Optional.empty();
        consider(36, 0, 36);

        assertThat(looks).isEqualTo(2);
        assertThat(silent.finding(RESOURCE))
                .as("what was found stays while nothing comes back")
                .isPresent();
    }

    @Test
    void shouldForgetWhatItFoundWhenAnAnswerComes() {
        consider(6, 0, 6);

        silent.consider(List.of(new GatewayStatus.TrafficStatus(RESOURCE, 9, 1, null)), seconds(7));

        assertThat(silent.finding(RESOURCE)).isEmpty();
    }

    @Test
    void shouldForgetAResourceThatNobodyHasAGrantFor() {
        consider(6, 0, 6);

        silent.consider(List.of(), seconds(7));

        assertThat(silent.finding(RESOURCE)).isEmpty();
    }

    private void consider(int now, int since, int last) {
        GatewayStatus.Unanswered packets = new GatewayStatus.Unanswered(
                IpAddress.parse("100.64.0.5"), IpAddress.parse("172.20.0.1"), seconds(since), seconds(last));
        silent.consider(List.of(new GatewayStatus.TrafficStatus(RESOURCE, 9, 0, packets)), seconds(now));
    }

    private static long seconds(int count) {
        return Duration.ofSeconds(count).toNanos();
    }
}
