package dev.sluice.datapath.crypto;

class JdkAeadTest extends AeadCompatibilityKit {
    @Override
    protected AeadProvider provider() {
        return new JdkAeadProvider();
    }

    @Override
    protected AeadProvider other() {
        return new BouncyCastleAeadProvider();
    }
}
