package dev.sluice.datapath.crypto;

/** SunJCE's cipher: always present, and slow for small packets because every packet initialises it anew. */
final class JdkAeadProvider implements AeadProvider {
    @Override
    public String name() {
        return "SunJCE";
    }

    @Override
    public Aead create(byte[] key) {
        return new JdkAead(key);
    }
}
