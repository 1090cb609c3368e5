package dev.sluice.datapath.wireguard;

import dev.sluice.datapath.crypto.AeadProvider;
import dev.sluice.datapath.crypto.X25519;
import dev.sluice.datapath.wire.HandshakeInitiation;
import dev.sluice.datapath.wire.HandshakeResponse;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A received initiation whose sender's static key is known, so that its {@link Peer} can be found. */
public final class Initiation {
    private static final byte[] EMPTY = {};

    private final SymmetricState state;
    private final PublicKey initiator;
    private final byte[] ephemeral;
    private final int senderIndex;
    private final byte[] encryptedTimestamp;

    private Initiation(
            SymmetricState state, PublicKey initiator, byte[] ephemeral, int senderIndex, byte[] encryptedTimestamp) {
        this.state = state;
        this.initiator = initiator;
        this.ephemeral = ephemeral;
        this.senderIndex = senderIndex;
        this.encryptedTimestamp = encryptedTimestamp;
    }

    /** Reads the message at {@code offset}, which has {@link HandshakeInitiation#LENGTH} bytes; null if it is forged. */
    static @Nullable Initiation open(AeadProvider aeads, KeyPair own, byte[] message, int offset) {
        byte[] ephemeral =
                MessageMac.field(message, offset + HandshakeInitiation.EPHEMERAL_FIELD_OFFSET, PublicKey.LENGTH);
        byte[] shared = X25519.agree(own.privateKey().bytes(), ephemeral);
        if (shared == null) {
            return null;
        }
        SymmetricState state = new SymmetricState(aeads, own.publicKey().bytes());
        state.mixEphemeral(ephemeral);
        state.mixKey(shared);
        byte[] initiator = state.open(MessageMac.field(
                message,
                offset + HandshakeInitiation.ENCRYPTED_STATIC_FIELD_OFFSET,
                HandshakeInitiation.ENCRYPTED_STATIC_LENGTH));
        return initiator == null
                ? null
                : new Initiation(
                        state,
                        PublicKey.of(initiator),
                        ephemeral,
                        HandshakeInitiation.senderIndex(message, offset),
                        MessageMac.field(
                                message,
                                offset + HandshakeInitiation.ENCRYPTED_TIMESTAMP_FIELD_OFFSET,
                                HandshakeInitiation.ENCRYPTED_TIMESTAMP_LENGTH));
    }

    /** Who sent it, or replays it: only {@link Peer#handleInitiation} can tell. */
    public PublicKey initiator() {
        return initiator;
    }

    /** The timestamp, which authenticates the initiator; null if it is forged. To be called once. */
    byte @Nullable [] timestamp(byte[] staticShared) {
        state.mixKey(staticShared);
        return state.open(encryptedTimestamp);
    }

    /**
     * Writes the response, without its MACs, to the start of {@code out}.
     *
     * @return the session, or null if the initiator's keys are of small order
     */
    @Nullable Session respond(
            AeadProvider aeads,
            PresharedKey presharedKey,
            int localIndex,
            RandomGenerator random,
            byte[] out,
            long now) {
        byte[] secret = X25519.generate(random);
        byte[] point = X25519.publicKey(secret);
        byte[] ephemeralShared = X25519.agree(secret, ephemeral);
        byte[] staticShared = X25519.agree(secret, initiator.bytes());
        Arrays.fill(secret, (byte) 0);
        if (ephemeralShared == null || staticShared == null) {
            return null;
        }
        state.mixEphemeral(point);
        state.mixKey(ephemeralShared);
        state.mixKey(staticShared);
        state.mixPresharedKey(presharedKey.bytes());
        byte[] nothing = state.seal(EMPTY);

        HandshakeResponse.header(out, 0, localIndex, senderIndex);
        System.arraycopy(point, 0, out, HandshakeResponse.EPHEMERAL_FIELD_OFFSET, point.length);
        System.arraycopy(nothing, 0, out, HandshakeResponse.ENCRYPTED_NOTHING_FIELD_OFFSET, nothing.length);

        byte[][] keys = state.split();
        state.erase();
        return new Session(false, localIndex, senderIndex, aeads.create(keys[1]), aeads.create(keys[0]), now);
    }
}
