package dev.sluice.datapath.io.openssl;

import dev.sluice.datapath.crypto.Aead;
import dev.sluice.datapath.crypto.AeadProvider;
import java.util.Optional;

/** OpenSSL's vector code: the fastest where the processor's vector units are not those that the JDK's code wants. */
public final class Openssl implements AeadProvider {
    private static final Openssl INSTANCE = new Openssl();

    private Openssl() {}

    /** The host's OpenSSL, if it has one that can be used. */
    public static Optional<AeadProvider> find() {
        return LibCrypto.MISSING.isEmpty() ? Optional.of(INSTANCE) : Optional.empty();
    }

    @Override
    public String name() {
        return "OpenSSL";
    }

    @Override
    public Aead create(byte[] key) {
        return new OpensslAead(key);
    }
}
