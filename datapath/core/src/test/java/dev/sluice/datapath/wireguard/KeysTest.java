package dev.sluice.datapath.wireguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class KeysTest {
    private static final String TEXT = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";

    @Test
    void shouldBeValues() {
        assertThat(PublicKey.parse(TEXT)).isEqualTo(PublicKey.parse(TEXT)).hasSameHashCodeAs(PublicKey.parse(TEXT));
        assertThat(PublicKey.parse(TEXT).base64()).isEqualTo(TEXT);
        assertThat(PublicKey.parse(TEXT)).hasToString(TEXT);
        assertThat(PrivateKey.parse(TEXT)).isEqualTo(PrivateKey.parse(TEXT)).isNotEqualTo(PresharedKey.parse(TEXT));
        assertThat(PresharedKey.parse(TEXT)).isEqualTo(PresharedKey.parse(TEXT)).isNotEqualTo(PresharedKey.NONE);
    }

    @Test
    void shouldNotShowSecrets() {
        KeyPair pair = KeyPair.of(PrivateKey.parse(TEXT));

        assertThat(pair.toString()).doesNotContain(pair.privateKey().base64()).contains("redacted");
        assertThat(PresharedKey.parse(TEXT).toString()).doesNotContain(TEXT);
    }

    @Test
    void shouldClampPrivateKeys() {
        byte[] bytes = KeyPair.generate(new Random(1)).privateKey().bytes();

        assertThat(bytes[0] & 7).isZero();
        assertThat(bytes[31] & 0xc0).isEqualTo(0x40);
    }

    @Test
    void shouldRefuseWhatIsNoKeyWithoutRepeatingIt() {
        for (String text : new String[] {"", "abcd", TEXT + "AAAA", TEXT.substring(1), "!" + TEXT.substring(1)}) {
            assertThatThrownBy(() -> PrivateKey.parse(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the private key")
                    .message()
                    .satisfies(message -> assertThat(text.isEmpty() || !message.contains(text))
                            .isTrue());
        }
    }
}
