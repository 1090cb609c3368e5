package dev.sluice.functions.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class TokenCodecTest {
    private static final String PUBLISHED_CLIENT =
            "n.SFMyNTY.g2gDaANtAAAAJGM4OWJjYzhjLTkzOTItNGRhZS1hNDBkLTg4OGFlZjZkMjhlMG0AAAAkN2RhN2QxY2QtMTExYy00NGE3LWI1YWMtNDAyN2I5ZDIzMGU1bQAAACtBaUl5XzZwQmstV0xlUkFQenprQ0ZYTnFJWktXQnMyRGR3XzJ2Z0lRdkZnbgYAR_ywiZQBYgABUYA.PLNlzyqMSgZlbQb1QX5EzZgYNuY9oeOddP0qDkTwtGg";
    private static final String PUBLISHED_GATEWAY =
            ".SFMyNTY.g2gDaANtAAAAJGM4OWJjYzhjLTkzOTItNGRhZS1hNDBkLTg4OGFlZjZkMjhlMG0AAAAkMjI3NDU2MGItZTk3Yi00NWU0LThiMzQtNjc5Yzc2MTdlOThkbQAAADhPMDJMN1VTMkozVklOT01QUjlKNklMODhRSVFQNlVPOEFRVk82VTVJUEwwVkpDMjJKR0gwPT09PW4GAAH8sImUAWIAAVGA.tAm2O9FcyF67VAF3rZdwQpeADrYOIs3S2l2K51G26OM";

    private final TokenCodec codec = new TokenCodec(TokenKeys.PUBLISHED);

    @Test
    void shouldReadThePublishedTokens() {
        assertThat(codec.decode(TokenType.CLIENT, PUBLISHED_CLIENT))
                .contains(new TokenCodec.Claims(
                        UUID.fromString("c89bcc8c-9392-4dae-a40d-888aef6d28e0"),
                        UUID.fromString("7da7d1cd-111c-44a7-b5ac-4027b9d230e5"),
                        "n",
                        "AiIy_6pBk-WLeRAPzzkCFXNqIZKWBs2Ddw_2vgIQvFg"));
        assertThat(codec.decode(TokenType.GATEWAY, PUBLISHED_GATEWAY))
                .map(TokenCodec.Claims::fragment)
                .contains("O02L7US2J3VINOMPR9J6IL88QIQP6UO8AQVO6U5IPL0VJC22JGH0====");
    }

    @Test
    void shouldWriteThePublishedTokensLetterByLetter() {
        var claims = codec.decode(TokenType.CLIENT, PUBLISHED_CLIENT).orElseThrow();
        assertThat(codec.encode(TokenType.CLIENT, claims, 0x01_94_89_b0_fc_47L)).isEqualTo(PUBLISHED_CLIENT);
    }

    @Test
    void shouldRefuseATokenOfAnotherType() {
        assertThat(codec.decode(TokenType.GATEWAY, PUBLISHED_CLIENT)).isEmpty();
        assertThat(codec.decode(TokenType.CLIENT, PUBLISHED_GATEWAY)).isEmpty();
    }

    @Test
    void shouldRefuseWhatWasChangedAnywhere() {
        for (int i = PUBLISHED_CLIENT.indexOf('.') + 1; i < PUBLISHED_CLIENT.length(); i++) {
            var changed = new StringBuilder(PUBLISHED_CLIENT);
            changed.setCharAt(i, changed.charAt(i) == 'A' ? 'B' : 'A');
            // The last letter of the signature carries two bits that mean nothing.
            if (i < PUBLISHED_CLIENT.length() - 1) {
                assertThat(codec.decode(TokenType.CLIENT, changed.toString()))
                        .as("at %d", i)
                        .isEmpty();
            }
        }
    }

    @Test
    void shouldRefuseWhatIsNoToken() {
        for (var text : new String[] {"", ".", "...", "a.b.c", "a.SFMyNTY.!.!", "x".repeat(5000)}) {
            assertThat(codec.decode(TokenType.CLIENT, text)).isEmpty();
        }
    }
}
