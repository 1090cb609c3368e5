package dev.sluice.datapath.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;

class PortalLoginTest {
    private static final String KEY = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

    @Test
    void shouldComposeTheUrlWithThePublicKeyLast() {
        assertThat(login("wss://portal.example", "host-1").url())
                .hasToString("wss://portal.example/client/websocket?sluice=1&external_id=host-1&name=my%20laptop"
                        + "&public_key=AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE%3D");
    }

    @Test
    void shouldHashAnIdThatIsAUuidAsItIsWritten() {
        assertThat(login("wss://portal", "B5B9F4D3-8DE7-4D6B-9F5A-4D2C5C4D7B11").externalId())
                .isEqualTo("c0453f549c1bb42925a6837cd26ecf99b2db7e62d28532153db13d364fffe4bc");
        assertThat(login("wss://portal", "gateway-1").externalId()).isEqualTo("gateway-1");
    }

    @Test
    void shouldKeepPathAndPortAndTurnHttpIntoWebSocket() {
        assertThat(login("http://portal:13001/base/", "x").url().toString())
                .startsWith("ws://portal:13001/base/client/websocket?");
        assertThat(login("https://portal", "x").url().toString()).startsWith("wss://portal/client/websocket?");
    }

    @Test
    void shouldCarryTheTokenInAHeaderOnly() {
        PortalLogin login = login("wss://portal", "x");

        assertThat(login.headers())
                .containsEntry("X-Authorization", "Bearer n.secret")
                .containsEntry("User-Agent", "Linux/6 headless-client/1.5.4 (x86_64) sluice/0.1");
        assertThat(login.url().toString()).doesNotContain("secret");
        assertThat(login.toString()).doesNotContain("secret");
    }

    @Test
    void shouldRefuseAUrlThatIsNoPortals() {
        assertThatThrownBy(() -> login("ftp://portal", "x")).hasMessageContaining("wss://");
        assertThatThrownBy(() -> login("portal", "x")).hasMessageContaining("wss://");
    }

    private static PortalLogin login(String api, String id) {
        return new PortalLogin(
                URI.create(api),
                PortalLogin.Role.CLIENT,
                id,
                "my laptop",
                KEY,
                "n.secret",
                "Linux/6 headless-client/1.5.4 (x86_64) sluice/0.1");
    }
}
