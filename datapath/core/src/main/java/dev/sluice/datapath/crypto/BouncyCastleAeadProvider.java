package dev.sluice.datapath.crypto;

/** BouncyCastle's pure Java cipher: an independent second implementation. */
final class BouncyCastleAeadProvider implements AeadProvider {
    @Override
    public String name() {
        return "BouncyCastle";
    }

    @Override
    public Aead create(byte[] key) {
        return new BouncyCastleAead(key);
    }
}
