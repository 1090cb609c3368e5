package dev.sluice.datapath.crypto;

import java.util.Arrays;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Tries one provider against another, and times it. */
final class AeadTrial {
    /** What a full packet of the tunnel has. */
    static final int PACKET_LENGTH = 1280;

    private static final int LONGEST = 1500;
    private static final int ROUNDS = 20;
    private static final int PACKETS_PER_ROUND = 200;

    private AeadTrial() {}

    /** Whether {@code tested} seals and opens as {@code reference} does, for packets of many lengths. */
    static boolean agree(AeadProvider tested, AeadProvider reference, int packets) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(packets);
        byte[] key = new byte[Aead.KEY_LENGTH];
        random.nextBytes(key);
        Aead ours = tested.create(key);
        Aead theirs = reference.create(key);
        byte[] plaintext = new byte[LONGEST];
        random.nextBytes(plaintext);
        byte[] sealed = new byte[LONGEST + Aead.TAG_LENGTH];
        byte[] expected = new byte[sealed.length];
        byte[] opened = new byte[LONGEST];
        for (int i = 0; i < packets; i++) {
            byte[] associated = new byte[i % 4 == 0 ? random.nextInt(40) : 0];
            int length = random.nextInt(LONGEST + 1);
            long counter = random.nextLong();
            int size = ours.seal(counter, associated, plaintext, 0, length, sealed, 0);
            theirs.seal(counter, associated, plaintext, 0, length, expected, 0);
            if (!Arrays.equals(sealed, 0, size, expected, 0, size)
                    || ours.open(counter, associated, sealed, 0, size, opened, 0) != length
                    || !Arrays.equals(opened, 0, length, plaintext, 0, length)) {
                return false;
            }
            sealed[i % size] ^= 1;
            if (ours.open(counter, associated, sealed, 0, size, opened, 0) != Aead.FORGED) {
                return false;
            }
        }
        return true;
    }

    /** What sealing a full packet takes, in the best of some rounds: the others were disturbed. */
    static long nanoseconds(AeadProvider provider, LongSupplier clock) {
        Aead aead = provider.create(new byte[Aead.KEY_LENGTH]);
        byte[] nothing = {};
        byte[] buffer = new byte[PACKET_LENGTH + Aead.TAG_LENGTH];
        long best = Long.MAX_VALUE;
        long counter = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = clock.getAsLong();
            for (int i = 0; i < PACKETS_PER_ROUND; i++) {
                aead.seal(counter++, nothing, buffer, 0, PACKET_LENGTH, buffer, 0);
            }
            best = Math.min(best, clock.getAsLong() - start);
        }
        return best / PACKETS_PER_ROUND;
    }
}
