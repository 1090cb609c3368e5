package dev.sluice.datapath.wireguard;

import dev.sluice.datapath.crypto.Aead;
import dev.sluice.datapath.crypto.AeadProvider;
import dev.sluice.datapath.crypto.Blake2s;
import dev.sluice.datapath.crypto.Kdf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The chaining key and the transcript hash of a handshake: {@code C} and {@code H} of the paper (§5.4). */
final class SymmetricState {
    private static final byte[] EMPTY = {};
    private static final byte[] INITIAL_KEY =
            Blake2s.hash("Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s".getBytes(StandardCharsets.US_ASCII));
    private static final byte[] INITIAL_HASH =
            Blake2s.hash(INITIAL_KEY, "WireGuard v1 zx2c4 Jason@zx2c4.com".getBytes(StandardCharsets.US_ASCII));

    private final AeadProvider aeads;
    private byte[] chainingKey;
    private byte[] hash;

    /** Key of the next {@link #seal} or {@link #open}: each mixed key is used at most once. */
    private byte[] key = EMPTY;

    /** The state at the start of a handshake with a responder. */
    SymmetricState(AeadProvider aeads, byte[] responderStatic) {
        this(aeads, INITIAL_KEY.clone(), Blake2s.hash(INITIAL_HASH, responderStatic));
    }

    private SymmetricState(AeadProvider aeads, byte[] chainingKey, byte[] hash) {
        this.aeads = aeads;
        this.chainingKey = chainingKey;
        this.hash = hash;
    }

    /** A copy, to try a message that may turn out to be forged. */
    SymmetricState copy() {
        return new SymmetricState(aeads, chainingKey.clone(), hash.clone());
    }

    void mixHash(byte[] input) {
        hash = Blake2s.hash(hash, input);
    }

    /** An ephemeral key goes into both (the paper's e of IKpsk2 with a preshared key). */
    void mixEphemeral(byte[] ephemeral) {
        mixHash(ephemeral);
        chainingKey = Kdf.derive(1, chainingKey, ephemeral)[0];
    }

    void mixKey(byte[] secret) {
        byte[][] outputs = Kdf.derive(2, chainingKey, secret);
        chainingKey = outputs[0];
        key = outputs[1];
    }

    void mixPresharedKey(byte[] secret) {
        byte[][] outputs = Kdf.derive(3, chainingKey, secret);
        chainingKey = outputs[0];
        mixHash(outputs[1]);
        key = outputs[2];
    }

    /** Encrypts with the last mixed key and mixes the ciphertext in. */
    byte[] seal(byte[] plaintext) {
        byte[] out = new byte[plaintext.length + Aead.TAG_LENGTH];
        Aead aead = aeads.create(key);
        aead.seal(0, hash, plaintext, 0, plaintext.length, out, 0);
        aead.destroy();
        mixHash(out);
        return out;
    }

    /** Decrypts with the last mixed key and mixes the ciphertext in; null if it is forged. */
    byte @Nullable [] open(byte[] ciphertext) {
        byte[] out = new byte[ciphertext.length - Aead.TAG_LENGTH];
        Aead aead = aeads.create(key);
        int length = aead.open(0, hash, ciphertext, 0, ciphertext.length, out, 0);
        aead.destroy();
        mixHash(ciphertext);
        return length < 0 ? null : out;
    }

    /** The keys of the two directions: first the initiator's to send, then the responder's. */
    byte[][] split() {
        return Kdf.derive(2, chainingKey, EMPTY);
    }

    void erase() {
        Arrays.fill(chainingKey, (byte) 0);
        Arrays.fill(hash, (byte) 0);
        Arrays.fill(key, (byte) 0);
    }
}
