package dev.sluice.datapath.crypto;

class JdkAeadTest extends AeadCompatibilityKit {
    @Override
    AeadProvider provider() {
        return new JdkAeadProvider();
    }

    @Override
    AeadProvider other() {
        return new BouncyCastleAeadProvider();
    }
}
