package dev.sluice.datapath.crypto;

import java.util.function.Supplier;

/** The JDK's vector code for ChaCha20 without SunJCE's cipher around it, and one of two authenticators. */
final class IntrinsicAeadProvider implements AeadProvider {
    private final String name;
    private final Supplier<Poly1305> authenticator;

    private IntrinsicAeadProvider(String name, Supplier<Poly1305> authenticator) {
        this.name = name;
        this.authenticator = authenticator;
    }

    /** With the JDK's vector code for Poly1305 too: the fastest, where the processor has AVX-512 IFMA or the like. */
    static IntrinsicAeadProvider vector() {
        return new IntrinsicAeadProvider("JDK intrinsics", IntrinsicPoly1305::new);
    }

    /** With our Poly1305: where the JDK's would run as slow scalar code. */
    static IntrinsicAeadProvider scalar() {
        return new IntrinsicAeadProvider("JDK intrinsics with own Poly1305", PlainPoly1305::new);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Aead create(byte[] key) {
        return new IntrinsicAead(key, authenticator.get());
    }
}
