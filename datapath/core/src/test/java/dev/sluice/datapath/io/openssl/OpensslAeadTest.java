package dev.sluice.datapath.io.openssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.datapath.crypto.AeadAllocation;
import dev.sluice.datapath.crypto.AeadCompatibilityKit;
import dev.sluice.datapath.crypto.AeadProvider;
import dev.sluice.datapath.crypto.AeadProviders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On the host's OpenSSL. */
class OpensslAeadTest extends AeadCompatibilityKit {
    @BeforeEach
    void findOpenssl() {
        assumeTrue(LibCrypto.MISSING.isEmpty(), LibCrypto.MISSING);
    }

    @Override
    protected AeadProvider provider() {
        return Openssl.find().orElseThrow();
    }

    @Override
    protected AeadProvider other() {
        return AeadProviders.find("bouncycastle").orElseThrow();
    }

    @Test
    void shouldAllocateNothingPerPacket() {
        assertThat(AeadAllocation.perPacket(provider())).isLessThan(1);
    }
}
