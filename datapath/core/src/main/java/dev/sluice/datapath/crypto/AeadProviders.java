package dev.sluice.datapath.crypto;

import java.util.List;

/** The providers that this process can use. */
public final class AeadProviders {
    private static final AeadProvider JDK = new JdkAeadProvider();
    private static final AeadProvider BOUNCY_CASTLE = new BouncyCastleAeadProvider();

    private AeadProviders() {}

    /** The one to use where nothing else was chosen. */
    public static AeadProvider preferred() {
        return JDK;
    }

    /** Every provider that works here, the preferred one first. */
    public static List<AeadProvider> available() {
        return List.of(JDK, BOUNCY_CASTLE);
    }
}
