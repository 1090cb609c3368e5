package dev.sluice.datapath.wireguard;

import dev.sluice.datapath.crypto.AeadProvider;
import dev.sluice.datapath.crypto.X25519;
import dev.sluice.datapath.wire.HandshakeInitiation;
import dev.sluice.datapath.wire.HandshakeResponse;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What an initiator keeps between its initiation and the response. */
final class PendingHandshake {
    private final SymmetricState state;
    private final byte[] secret;
    private final int localIndex;

    private PendingHandshake(SymmetricState state, byte[] secret, int localIndex) {
        this.state = state;
        this.secret = secret;
        this.localIndex = localIndex;
    }

    /**
     * Writes an initiation, without its MACs, to the start of {@code out}.
     *
     * @param staticShared of the two static keys
     * @return null if the remote key is of small order
     */
    static @Nullable PendingHandshake start(
            AeadProvider aeads,
            KeyPair own,
            PublicKey remote,
            byte[] staticShared,
            int localIndex,
            byte[] timestamp,
            RandomGenerator random,
            byte[] out) {
        byte[] secret = X25519.generate(random);
        byte[] shared = X25519.agree(secret, remote.bytes());
        if (shared == null) {
            return null;
        }
        SymmetricState state = new SymmetricState(aeads, remote.bytes());
        byte[] point = X25519.publicKey(secret);
        state.mixEphemeral(point);
        state.mixKey(shared);
        byte[] encryptedStatic = state.seal(own.publicKey().bytes());
        state.mixKey(staticShared);
        byte[] encryptedTimestamp = state.seal(timestamp);

        HandshakeInitiation.header(out, 0, localIndex);
        System.arraycopy(point, 0, out, HandshakeInitiation.EPHEMERAL_FIELD_OFFSET, point.length);
        System.arraycopy(
                encryptedStatic, 0, out, HandshakeInitiation.ENCRYPTED_STATIC_FIELD_OFFSET, encryptedStatic.length);
        System.arraycopy(
                encryptedTimestamp,
                0,
                out,
                HandshakeInitiation.ENCRYPTED_TIMESTAMP_FIELD_OFFSET,
                encryptedTimestamp.length);
        return new PendingHandshake(state, secret, localIndex);
    }

    /** The index that the response must name. */
    int localIndex() {
        return localIndex;
    }

    /** The session that the response at {@code offset} completes; null if it is forged, and then this stays as it was. */
    @Nullable Session complete(AeadProvider aeads, KeyPair own, PresharedKey presharedKey, byte[] message, int offset, long now) {
        byte[] ephemeral =
                MessageMac.field(message, offset + HandshakeResponse.EPHEMERAL_FIELD_OFFSET, PublicKey.LENGTH);
        byte[] ephemeralShared = X25519.agree(secret, ephemeral);
        byte[] staticShared = X25519.agree(own.privateKey().bytes(), ephemeral);
        if (ephemeralShared == null || staticShared == null) {
            return null;
        }
        SymmetricState trial = state.copy();
        trial.mixEphemeral(ephemeral);
        trial.mixKey(ephemeralShared);
        trial.mixKey(staticShared);
        trial.mixPresharedKey(presharedKey.bytes());
        byte[] nothing = trial.open(MessageMac.field(
                message,
                offset + HandshakeResponse.ENCRYPTED_NOTHING_FIELD_OFFSET,
                HandshakeResponse.ENCRYPTED_NOTHING_LENGTH));
        if (nothing == null) {
            return null;
        }
        byte[][] keys = trial.split();
        trial.erase();
        int remoteIndex = HandshakeResponse.senderIndex(message, offset);
        return new Session(true, localIndex, remoteIndex, aeads.create(keys[0]), aeads.create(keys[1]), now);
    }

    void erase() {
        state.erase();
        Arrays.fill(secret, (byte) 0);
    }
}
