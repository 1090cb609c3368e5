package dev.sluice.functions.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.settings.SettingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SealTest {
    private static final String FIRST = key(1);
    private static final String SECOND = key(2);
    private static final UUID OWNER = new UUID(1, 2);

    private static String key(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Test
    void shouldOpenWhatItHasSealed() {
        var seal = new Seal(List.of(FIRST));
        byte[] sealed = seal.seal(OWNER, "geheim ✓");

        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("geheim");
        assertThat(seal.seal(OWNER, "geheim ✓")).isNotEqualTo(sealed);
        assertThat(seal.open(OWNER, sealed)).isEqualTo("geheim ✓");
    }

    @Test
    void shouldOpenNothingThatWasChangedOrIsAnothers() {
        var seal = new Seal(List.of(FIRST));
        byte[] sealed = seal.seal(OWNER, "secret");

        assertThatThrownBy(() -> seal.open(new UUID(1, 3), sealed)).isInstanceOf(IllegalArgumentException.class);
        for (int at = 0; at < sealed.length; at++) {
            byte[] changed = sealed.clone();
            changed[at] ^= 1;
            assertThatThrownBy(() -> seal.open(OWNER, changed))
                    .as("byte %d", at)
                    .isInstanceOfAny(IllegalArgumentException.class, SettingException.class);
        }
        assertThatThrownBy(() -> seal.open(OWNER, new byte[3])).isInstanceOf(IllegalArgumentException.class);
    }

    /** One key replaces another: both are good, until nothing is left that the old one has sealed. */
    @Test
    void shouldLetOneKeyReplaceAnother() {
        byte[] old = new Seal(List.of(FIRST)).seal(OWNER, "secret");
        var both = new Seal(List.of(SECOND, FIRST));

        assertThat(both.open(OWNER, old)).isEqualTo("secret");
        byte[] renewed = both.seal(OWNER, "secret");
        assertThat(new Seal(List.of(SECOND)).open(OWNER, renewed)).isEqualTo("secret");
        assertThatThrownBy(() -> new Seal(List.of(SECOND)).open(OWNER, old))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("SLUICE_SECRETS_KEY");
    }

    @Test
    void shouldRefuseKeysThatAreNone() {
        for (String wrong : List.of("short", "!", Base64.getEncoder().encodeToString(new byte[31]))) {
            assertThatThrownBy(() -> new Seal(List.of(wrong)))
                    .isInstanceOf(SettingException.class)
                    .hasMessageContaining("openssl rand -base64 32");
        }
        assertThatThrownBy(() -> new Seal(List.of(FIRST, SECOND, key(3)))).hasMessageContaining("more than two");
        assertThatThrownBy(() -> new Seal(List.of()).seal(OWNER, "secret")).hasMessageContaining("is missing");
    }
}
