package dev.sluice.datapath.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The ChaCha20 permutation (RFC 8439 §2.3) as a key derivation, draft-irtf-cfrg-xchacha-03 §2.2. */
final class HChaCha20 {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int[] CONSTANTS = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

    private HChaCha20() {}

    /** The 32-byte subkey of a 32-byte key and the first 16 bytes of a nonce. */
    static byte[] subkey(byte[] key, byte[] nonce) {
        int[] state = new int[16];
        System.arraycopy(CONSTANTS, 0, state, 0, 4);
        for (int i = 0; i < 8; i++) {
            state[4 + i] = (int) WORD.get(key, 4 * i);
        }
        for (int i = 0; i < 4; i++) {
            state[12 + i] = (int) WORD.get(nonce, 4 * i);
        }
        for (int round = 0; round < 10; round++) {
            quarter(state, 0, 4, 8, 12);
            quarter(state, 1, 5, 9, 13);
            quarter(state, 2, 6, 10, 14);
            quarter(state, 3, 7, 11, 15);
            quarter(state, 0, 5, 10, 15);
            quarter(state, 1, 6, 11, 12);
            quarter(state, 2, 7, 8, 13);
            quarter(state, 3, 4, 9, 14);
        }
        byte[] subkey = new byte[32];
        for (int i = 0; i < 4; i++) {
            WORD.set(subkey, 4 * i, state[i]);
            WORD.set(subkey, 16 + 4 * i, state[12 + i]);
        }
        return subkey;
    }

    private static void quarter(int[] state, int a, int b, int c, int d) {
        state[a] += state[b];
        state[d] = Integer.rotateLeft(state[d] ^ state[a], 16);
        state[c] += state[d];
        state[b] = Integer.rotateLeft(state[b] ^ state[c], 12);
        state[a] += state[b];
        state[d] = Integer.rotateLeft(state[d] ^ state[a], 8);
        state[c] += state[d];
        state[b] = Integer.rotateLeft(state[b] ^ state[c], 7);
    }
}
