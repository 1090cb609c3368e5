package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.channel.Relay;
import dev.sluice.channel.Secret;
import java.util.List;
import org.junit.jupiter.api.Test;

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
}
