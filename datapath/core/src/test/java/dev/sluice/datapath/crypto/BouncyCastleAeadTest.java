package dev.sluice.datapath.crypto;

class BouncyCastleAeadTest extends AeadCompatibilityKit {
    @Override
    AeadProvider provider() {
        return new BouncyCastleAeadProvider();
    }

    @Override
    AeadProvider other() {
        return new JdkAeadProvider();
    }
}
