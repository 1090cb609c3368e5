package dev.sluice.datapath.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** On the JDK's Poly1305. */
class VectorAeadTest extends AeadCompatibilityKit {
    @Override
    protected AeadProvider provider() {
        return IntrinsicAeadProvider.vector();
    }

    @Override
    protected AeadProvider other() {
        return new BouncyCastleAeadProvider();
    }

    @Test
    void shouldAllocateNothingPerPacket() {
        assertThat(AeadAllocation.perPacket(provider())).isLessThan(1);
    }
}
