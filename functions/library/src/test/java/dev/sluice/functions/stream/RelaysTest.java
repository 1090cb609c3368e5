package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.channel.Relay;
import dev.sluice.channel.Secret;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelaysTest {
    @Test
    void shouldNeedNone() {
        assertThat(Relays.parse("")).isEmpty();
    }

    @Test
    void shouldReadUserPasswordAndAddress() {
        var relays = Relays.parse("turn://1767225600%3Asalt:p%2Bw+d@203.0.113.7:3479, turn://u:p@[203:0:113::101]");
        assertThat(relays)
                .extracting(Relay::address, Relay::username, Relay::password)
                .containsExactly(
                        tuple("203.0.113.7:3479", "1767225600:salt", new Secret("p+w+d")),
                        tuple("[203:0:113::101]:3478", "u", new Secret("p")));
    }

    @Test
    void shouldKeepTheIdOfAnAddress() {
        var one = Relays.parse("turn://u:p@203.0.113.7").getFirst();
        var other = Relays.parse("turn://u2:p2@203.0.113.7:3478").getFirst();
        assertThat(other.id()).isEqualTo(one.id());
    }

    @Test
    void shouldSayHowToWriteThemWithoutThePassword() {
        for (var text : List.of(
                "turn://u:hush@relay.example:3478", "stun://u:hush@203.0.113.7", "turn://203.0.113.7", "hush")) {
            assertThatThrownBy(() -> Relays.parse(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("turn://user:password@203.0.113.7:3478")
                    .hasMessageNotContaining("hush");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "turn://u:hush@999.1.1.1, Relay 2 of SLUICE_RELAYS has no IP address",
        "turn://u:hush@1.2.3, Relay 2 of SLUICE_RELAYS has no IP address",
        "turn://u:hush@1.2.3.04, Relay 2 of SLUICE_RELAYS has no IP address",
        "turn://u:hush@[fe80::1%25eth0], Relay 2 of SLUICE_RELAYS has no IP address",
        "turn://u:hush@[203:0:113::1]:70000, Relay 2 of SLUICE_RELAYS has port 70000",
        "turn://u:hush@203.0.113.7:70000, Relay 2 of SLUICE_RELAYS has port 70000",
        "turn://u:hush@203.0.113.7:0, Relay 2 of SLUICE_RELAYS has port 0",
        "turn://hush, Relay 2 of SLUICE_RELAYS cannot be read"
    })
    void shouldNameTheEntryThatCannotBe(String text, String says) {
        assertThatThrownBy(() -> Relays.parse("turn://u:p@203.0.113.7," + text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(says)
                .hasMessageNotContaining("hush");
    }
}
