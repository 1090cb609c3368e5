package dev.sluice.datapath.wireguard;

import java.util.random.RandomGenerator;

/** A static key pair: what makes a device itself. */
public record KeyPair(PrivateKey privateKey, PublicKey publicKey) {
    /** A new pair, from a generator that must be cryptographically strong. */
    public static KeyPair generate(RandomGenerator random) {
        return of(PrivateKey.generate(random));
    }

    /** The pair of a private key. */
    public static KeyPair of(PrivateKey privateKey) {
        return new KeyPair(privateKey, privateKey.publicKey());
    }
}
