package dev.sluice.datapath.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link AeadProvider} must do. */
public abstract class AeadCompatibilityKit {
    private static final byte[] NOTHING = {};

    private final Random random = new Random(8439);

    protected abstract AeadProvider provider();

    /** An implementation that shares nothing with the one under test. */
    protected abstract AeadProvider other();

    @Test
    void shouldSealTheVectorOfRfc8439() {
        // Appendix A.5: the only vector whose nonce begins with four zero bytes.
        byte[] key = HexFormat.of().parseHex("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0");
        byte[] associated = HexFormat.of().parseHex("f33388860000000000004e91");
        byte[] plaintext = ("Internet-Drafts are draft documents valid for a maximum of six months and may be updated, "
                        + "replaced, or obsoleted by other documents at any time. It is inappropriate to use "
                        + "Internet-Drafts as reference material or to cite them other than as /\u201cwork in progress./\u201d")
                .getBytes(StandardCharsets.UTF_8);
        byte[] ciphertext = HexFormat.of()
                .parseHex("64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb24c6cfc18755d43eea09ee94e"
                        + "382d26b0bdb7b73c321b0100d4f03b7f355894cf332f830e710b97ce98c8a84abd0b948114ad176e008d33bd"
                        + "60f982b1ff37c8559797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4b9166c76"
                        + "7b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523eaf4534d7f83fa1155b0047718cbc546a"
                        + "0d072b04b3564eea1b422273f548271a0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a67276"
                        + "27097a1049e617d91d361094fa68f0ff77987130305beaba2eda04df997b714d6c6f2c29a6ad5cb4022b0270"
                        + "9beead9d67890cbb22392336fea1851f38");
        long counter = 0x0807060504030201L;

        byte[] sealed = new byte[ciphertext.length];
        int length = provider().create(key).seal(counter, associated, plaintext, 0, plaintext.length, sealed, 0);
        byte[] opened = new byte[plaintext.length];
        int openedLength = provider().create(key).open(counter, associated, sealed, 0, sealed.length, opened, 0);

        assertThat(length).isEqualTo(sealed.length);
        assertThat(sealed).isEqualTo(ciphertext);
        assertThat(openedLength).isEqualTo(plaintext.length);
        assertThat(opened).isEqualTo(plaintext);
    }

    @Test
    void shouldAgreeWithAnotherImplementationForEveryLength() {
        byte[] key = bytes(32);
        Aead ours = provider().create(key);
        Aead theirs = other().create(key);
        for (int length = 0; length < 1500; length++) {
            byte[] plaintext = bytes(length);
            byte[] associated = length % 3 == 0 ? NOTHING : bytes(length % 40);
            long counter = random.nextLong();
            byte[] sealed = new byte[length + Aead.TAG_LENGTH];
            byte[] expected = new byte[sealed.length];
            ours.seal(counter, associated, plaintext, 0, length, sealed, 0);
            theirs.seal(counter, associated, plaintext, 0, length, expected, 0);
            assertThat(sealed).as("length %d", length).isEqualTo(expected);

            byte[] opened = new byte[length];
            assertThat(ours.open(counter, associated, expected, 0, expected.length, opened, 0))
                    .isEqualTo(length);
            assertThat(opened).isEqualTo(plaintext);
        }
    }

    @Test
    void shouldAgreeWithAnotherImplementationForManyPackets() {
        byte[] key = bytes(32);
        Aead ours = provider().create(key);
        Aead theirs = other().create(key);
        byte[] plaintext = bytes(9000);
        byte[] sealed = new byte[9016];
        byte[] expected = new byte[9016];
        for (int i = 0; i < 20_000; i++) {
            int length = i % 100 == 0 ? random.nextInt(9000) : random.nextInt(1500);
            int offset = random.nextInt(9000 - length + 1);
            ours.seal(i, NOTHING, plaintext, offset, length, sealed, 0);
            theirs.seal(i, NOTHING, plaintext, offset, length, expected, 0);
            assertThat(Arrays.mismatch(sealed, 0, length + 16, expected, 0, length + 16))
                    .as("packet %d of %d bytes", i, length)
                    .isEqualTo(-1);
        }
    }

    @Test
    void shouldWorkInPlaceAndAtOffsets() {
        byte[] key = bytes(32);
        byte[] plaintext = bytes(777);
        byte[] buffer = new byte[1000];
        System.arraycopy(plaintext, 0, buffer, 16, plaintext.length);
        Aead aead = provider().create(key);

        int sealed = aead.seal(7, NOTHING, buffer, 16, plaintext.length, buffer, 16);
        byte[] expected = new byte[sealed];
        other().create(key).seal(7, NOTHING, plaintext, 0, plaintext.length, expected, 0);

        assertThat(Arrays.copyOfRange(buffer, 16, 16 + sealed)).isEqualTo(expected);
        assertThat(Arrays.copyOfRange(buffer, 0, 16)).containsOnly(0);
        assertThat(Arrays.copyOfRange(buffer, 16 + sealed, 1000)).containsOnly(0);
        assertThat(aead.open(7, NOTHING, buffer, 16, sealed, buffer, 16)).isEqualTo(plaintext.length);
        assertThat(Arrays.copyOfRange(buffer, 16, 16 + plaintext.length)).isEqualTo(plaintext);
    }

    @Test
    void shouldRefuseEveryFlippedBit() {
        Aead aead = provider().create(bytes(32));
        byte[] associated = bytes(5);
        byte[] plaintext = bytes(70);
        byte[] sealed = new byte[86];
        aead.seal(1, associated, plaintext, 0, 70, sealed, 0);
        byte[] out = new byte[70];
        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            sealed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(aead.open(1, associated, sealed, 0, sealed.length, out, 0))
                    .isEqualTo(Aead.FORGED);
            sealed[bit / 8] ^= (byte) (1 << bit % 8);
        }
        associated[4] ^= 1;
        assertThat(aead.open(1, associated, sealed, 0, sealed.length, out, 0)).isEqualTo(Aead.FORGED);
        associated[4] ^= 1;
        assertThat(aead.open(2, associated, sealed, 0, sealed.length, out, 0)).isEqualTo(Aead.FORGED);
        assertThat(out).as("nothing of a forged packet is written").containsOnly(0);

        assertThat(aead.open(1, associated, sealed, 0, sealed.length, out, 0)).isEqualTo(70);
        assertThat(out).isEqualTo(plaintext);
    }

    @Test
    void shouldRefuseEveryTruncation() {
        Aead aead = provider().create(bytes(32));
        byte[] sealed = new byte[86];
        aead.seal(1, NOTHING, bytes(70), 0, 70, sealed, 0);
        for (int length = 0; length < sealed.length; length++) {
            assertThat(aead.open(1, NOTHING, sealed, 0, length, new byte[86], 0))
                    .isEqualTo(Aead.FORGED);
        }
    }

    @Test
    void shouldOpenTheSamePacketAgain() {
        Aead aead = provider().create(bytes(32));
        byte[] sealed = new byte[26];
        aead.seal(-1, NOTHING, bytes(10), 0, 10, sealed, 0);
        for (int i = 0; i < 3; i++) {
            assertThat(aead.open(-1, NOTHING, sealed, 0, 26, new byte[10], 0)).isEqualTo(10);
        }
    }

    @Test
    void shouldCopyTheKey() {
        byte[] key = bytes(32);
        Aead aead = provider().create(key);
        byte[] expected = new byte[17];
        provider().create(key).seal(3, NOTHING, new byte[1], 0, 1, expected, 0);
        Arrays.fill(key, (byte) 0);
        byte[] sealed = new byte[17];
        aead.seal(3, NOTHING, new byte[1], 0, 1, sealed, 0);
        assertThat(sealed).isEqualTo(expected);
    }

    @Test
    void shouldForgetTheKeyWhenDestroyed() {
        byte[] key = bytes(32);
        Aead aead = provider().create(key);
        byte[] sealed = new byte[26];
        aead.seal(1, NOTHING, bytes(10), 0, 10, sealed, 0);
        aead.open(1, NOTHING, sealed, 0, 26, new byte[10], 0);
        aead.destroy();
        assertThat(aead.open(1, NOTHING, sealed, 0, 26, new byte[10], 0)).isEqualTo(Aead.FORGED);
    }

    @Test
    void shouldRefuseKeysOfAnotherLength() {
        assertThatThrownBy(() -> provider().create(new byte[31])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> provider().create(new byte[33])).isInstanceOf(IllegalArgumentException.class);
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
