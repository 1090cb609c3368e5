package dev.sluice.datapath.crypto;

class BouncyCastleAeadTest extends AeadCompatibilityKit {
    @Override
    protected AeadProvider provider() {
        return new BouncyCastleAeadProvider();
    }

    @Override
    protected AeadProvider other() {
        return new JdkAeadProvider();
    }
}
