package dev.sluice.datapath.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Vectors of the specifications; those without a source were computed with Python's hashlib. */
class KnownAnswerTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void shouldHashAsInRfc7693() {
        assertThat(HEX.formatHex(Blake2s.hash(ascii("abc"))))
                .isEqualTo("508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982");
        assertThat(Blake2s.hash(ascii("a"), ascii(""), ascii("bc"))).isEqualTo(Blake2s.hash(ascii("abc")));
        assertThat(HEX.formatHex(Blake2s.hash()))
                .isEqualTo("69217a3079908094e11121d042354a7c1f55b6482ca1a51e1b250dfd1ed0eef9");
    }

    @Test
    void shouldMacWithKeysOfBothLengths() {
        assertThat(HEX.formatHex(Blake2s.mac(sequence(0, 32), sequence(0, 200), 0, 116)))
                .isEqualTo("072e94ffbfc684bd8ab2a1b9dade2fd5");
        assertThat(HEX.formatHex(Blake2s.mac(sequence(0, 16), new byte[0], 0, 0)))
                .isEqualTo("af4e5d3bb230e9ff9096ca6f7c501f76");
    }

    @Test
    void shouldDeriveKeysAsWireGuardDoes() {
        assertThat(derived("test-key", "test-input"))
                .containsExactly(
                        "6f0e5ad38daba1bea8a0d213688736f19763239305e0f58aba697f9ffc41c633",
                        "df1194df20802a4fe594cde27e92991c8cae66c366e8106aaa937a55fa371e8a",
                        "fac6e2745a325f5dc5d11a5b165aad08b0ada28e7b4e666b7c077934a4d76c24");
        assertThat(derived("wireguard", "wireguard"))
                .containsExactly(
                        "491d43bbfdaa8750aaf535e334ecbfe5129967cd64635101c566d4caefda96e8",
                        "1e71a379baefd8a79aa4662212fcafe19a23e2b609a3db7d6bcba8f560e3d25f",
                        "31e1ae48bddfbe5de38f295e5452b1909a1b4e38e183926af3780b0c1e1f0160");
        assertThat(derived("", ""))
                .containsExactly(
                        "8387b46bf43eccfcf349552a095d8315c4055beb90208fb1be23b894bc2ed5d0",
                        "58a0e5f6faefccf4807bff1f05fa8a9217945762040bcec2f4b4a62bdfe0e86e",
                        "0ce6ea98ec548f8e281e93e32db65621c45eb18dc6f0a7ad94178610a2f7338e");
    }

    @Test
    void shouldAgreeAsInRfc7748() {
        // §5.2
        assertThat(X25519.agree(
                        HEX.parseHex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
                        HEX.parseHex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")))
                .isEqualTo(HEX.parseHex("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"));
    }

    @Test
    void shouldAgreeAThousandTimesAsInRfc7748() {
        // §5.2
        byte[] scalar = new byte[32];
        scalar[0] = 9;
        byte[] point = scalar.clone();
        for (int i = 0; i < 1000; i++) {
            byte[] result = X25519.agree(scalar, point);
            point = scalar;
            scalar = result;
            if (i == 0) {
                assertThat(HEX.formatHex(scalar))
                        .isEqualTo("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
            }
        }
        assertThat(HEX.formatHex(scalar)).isEqualTo("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
    }

    @Test
    void shouldRefusePointsOfSmallOrder() {
        byte[] one = new byte[32];
        one[0] = 1;
        assertThat(X25519.agree(sequence(1, 32), new byte[32])).isNull();
        assertThat(X25519.agree(sequence(1, 32), one)).isNull();
    }

    @Test
    void shouldMakePublicKeysFromTheBasePoint() {
        byte[] base = new byte[32];
        base[0] = 9;
        assertThat(X25519.publicKey(sequence(1, 32))).isEqualTo(X25519.agree(sequence(1, 32), base));
    }

    @Test
    void shouldDeriveTheSubkeyOfTheXChaChaDraft() {
        // draft-irtf-cfrg-xchacha-03 §2.2.1
        assertThat(HEX.formatHex(HChaCha20.subkey(sequence(0, 32), HEX.parseHex("000000090000004a0000000031415927"))))
                .isEqualTo("82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc");
    }

    @Test
    void shouldSealAndOpenTheVectorOfTheXChaChaDraft() {
        // draft-irtf-cfrg-xchacha-03 §A.3.1
        byte[] key = sequence(0x80, 32);
        byte[] nonce = sequence(0x40, 24);
        byte[] associated = HEX.parseHex("50515253c0c1c2c3c4c5c6c7");
        byte[] plaintext = ascii("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for "
                + "the future, sunscreen would be it.");
        byte[] sealed = HEX.parseHex("bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa644"
                + "0bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f"
                + "76b2383565d3fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49");

        assertThat(XChaCha20Poly1305.seal(key, nonce, plaintext, associated)).isEqualTo(sealed);
        assertThat(XChaCha20Poly1305.open(key, nonce, sealed, associated)).isEqualTo(plaintext);

        sealed[3] ^= 1;
        assertThat(XChaCha20Poly1305.open(key, nonce, sealed, associated)).isNull();
        assertThat(XChaCha20Poly1305.open(key, nonce, Arrays.copyOf(sealed, 15), associated))
                .isNull();
    }

    private static String[] derived(String key, String input) {
        return Arrays.stream(Kdf.derive(3, ascii(key), ascii(input)))
                .map(HEX::formatHex)
                .toArray(String[]::new);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] sequence(int first, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (first + i);
        }
        return bytes;
    }
}
