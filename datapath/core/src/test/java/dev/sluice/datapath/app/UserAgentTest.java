package dev.sluice.datapath.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UserAgentTest {
    @Test
    void shouldCarryAVersionInTheNamesThatPeersKnow() {
        assertThat(UserAgent.of(Role.CLIENT))
                .matches("Linux/\\S+ headless-client/1\\.5\\.4 \\(\\S+; \\S+\\) sluice/\\S+");
        assertThat(UserAgent.of(Role.GATEWAY)).matches("Linux/\\S+ gateway/1\\.4\\.17 \\(\\S+; \\S+\\) sluice/\\S+");
    }
}
