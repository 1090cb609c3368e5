package dev.sluice.functions.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Secret;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The vectors of the protocol's description, computed from the system that we follow. */
class DerivationsTest {
    private static final ConnectionSecrets.End CLIENT =
            new ConnectionSecrets.End(UUID.fromString("11111111-1111-4111-8111-111111111111"), base64(1), bytes(3));
    private static final ConnectionSecrets.End GATEWAY =
            new ConnectionSecrets.End(UUID.fromString("22222222-2222-4222-8222-222222222222"), base64(2), bytes(4));

    @Test
    void shouldDeriveThePresharedKey() {
        assertThat(ConnectionSecrets.derive(CLIENT, GATEWAY).presharedKey().value())
                .isEqualTo("XW093AoW7OpBXD0nxDlmJyPhoh/To8j1k3f6UZyTtoM=");
    }

    @Test
    void shouldDeriveIceCredentials() {
        var secrets = ConnectionSecrets.derive(CLIENT, GATEWAY);
        assertThat(secrets.client().username()).isEqualTo("eokn");
        assertThat(secrets.client().password().value()).isEqualTo("5enp7ct6775ebzonvunxjy");
        assertThat(secrets.gateway().username()).isEqualTo("6m26");
        assertThat(secrets.gateway().password().value()).isEqualTo("gj5f2zjrxg6cwvtrtqgfva");
    }

    @Test
    void shouldDeriveTurnCredentials() {
        var turn = TurnCredentials.derive(base64(1), new Secret("0".repeat(64)), Instant.ofEpochSecond(1767225600));
        assertThat(turn.username()).isEqualTo("1767225600:xXzDtV05+ab3cvUI44IeCigIIjUsDQ8NJZ+6Y7dNqaA");
        assertThat(turn.password().value()).isEqualTo("GgqL/maMjYCeKDbgJ2XLd1G63U9gyWjaWnh2wBYZH5M");
    }

    @Test
    void shouldReadTheVersionOfAKnownComponent() {
        assertThat(SoftwareVersion.ofUserAgent("Linux/6.1 headless-client/1.5.4 (x86_64; 6.1) sluice/0.1.0"))
                .contains(new SoftwareVersion(1, 5, 4));
        assertThat(SoftwareVersion.ofUserAgent("curl/8.0 sluice/0.1.0")).isEmpty();
        assertThat(SoftwareVersion.ofUserAgent("gateway/latest")).isEmpty();
    }

    @Test
    void shouldServeClientsOneMinorVersionAway() {
        var client = new SoftwareVersion(1, 5, 4);
        assertThat(new SoftwareVersion(1, 4, 0).serves(client)).isTrue();
        assertThat(new SoftwareVersion(1, 6, 9).serves(client)).isTrue();
        assertThat(new SoftwareVersion(1, 3, 9).serves(client)).isFalse();
        assertThat(new SoftwareVersion(1, 7, 0).serves(client)).isFalse();
        assertThat(new SoftwareVersion(2, 5, 4).serves(client)).isFalse();
    }

    private static byte[] bytes(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static String base64(int value) {
        return Base64.getEncoder().encodeToString(bytes(value));
    }
}
