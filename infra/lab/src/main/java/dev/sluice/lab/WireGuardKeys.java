package dev.sluice.lab;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.XECPrivateKey;
import java.security.interfaces.XECPublicKey;
import java.util.Base64;

/** A key pair in the base64 of WireGuard's configuration files. */
record WireGuardKeys(String privateKey, String publicKey) {
    private static final int LENGTH = 32;

    static WireGuardKeys generate() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("X25519").generateKeyPair();
            byte[] secret = ((XECPrivateKey) pair.getPrivate())
                    .getScalar()
                    .orElseThrow(() -> new LabException("the JDK does not show the key that it made"));
            return new WireGuardKeys(
                    Base64.getEncoder().encodeToString(secret),
                    Base64.getEncoder().encodeToString(littleEndian(((XECPublicKey) pair.getPublic()).getU())));
        } catch (GeneralSecurityException e) {
            throw new LabException("the JDK lacks X25519", e);
        }
    }

    /** A preshared key. */
    static String preshared() {
        byte[] key = new byte[LENGTH];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    private static byte[] littleEndian(BigInteger number) {
        byte[] bytes = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            bytes[i] = number.shiftRight(8 * i).byteValue();
        }
        return bytes;
    }
}
