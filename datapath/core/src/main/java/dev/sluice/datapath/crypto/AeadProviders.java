package dev.sluice.datapath.crypto;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The providers that this process can use, and which of them it does use.
 *
 * <p>The JDK's vector code, reached without SunJCE's cipher around it, is preferred when the JDK lets it be reached and
 * it agrees with SunJCE on known answers. Whether the JDK's Poly1305 or ours is faster beside it depends on the processor
 * and is measured by {@link #warmUp}; until then ours serves, which is slow nowhere. Otherwise SunJCE serves.
 */
public final class AeadProviders {
    /** Interpreted: enough to see every length of a last block, short enough not to delay the start. */
    private static final int FIRST_CHECKS = 40;

    /** Enough for the JIT compiler to replace the JDK's methods by vector code. */
    private static final int WARM_CHECKS = 2_500;

    private static final AeadProvider JDK = new JdkAeadProvider();
    private static final AeadProvider BOUNCY_CASTLE = new BouncyCastleAeadProvider();
    private static final AeadProvider VECTOR = IntrinsicAeadProvider.vector();
    private static final AeadProvider SCALAR = IntrinsicAeadProvider.scalar();
    private static volatile Choice choice = firstChoice();

    /**
     * What is used, and why.
     *
     * @param reason a sentence for the log
     */
    public record Choice(AeadProvider provider, String reason) {}

    private AeadProviders() {}

    /** The one to use where nothing else was chosen. */
    public static AeadProvider preferred() {
        return choice.provider();
    }

    /** The preferred one with the reason for it. */
    public static Choice choice() {
        return choice;
    }

    /** Every provider that works here, the preferred one first. */
    public static List<AeadProvider> available() {
        AeadProvider preferred = preferred();
        List<AeadProvider> available = new ArrayList<>(List.of(preferred));
        List<AeadProvider> others =
                preferred == JDK ? List.of(BOUNCY_CASTLE) : List.of(SCALAR, VECTOR, JDK, BOUNCY_CASTLE);
        others.stream().filter(provider -> provider != preferred).forEach(available::add);
        return available;
    }

    /**
     * Runs the candidates until they are compiled, checks them again (compiled code is other code), and prefers the
     * fastest from then on. Takes some hundred milliseconds: a start does it beside something that it waits for.
     *
     * @param clock nanoseconds, of the thread's own processor time where the machine is shared
     */
    public static Choice warmUp(LongSupplier clock) {
        if (choice.provider() == JDK) {
            return choice;
        }
        boolean scalar = AeadTrial.agree(SCALAR, JDK, WARM_CHECKS);
        boolean vector = AeadTrial.agree(VECTOR, JDK, WARM_CHECKS);
        if (!scalar && !vector) {
            choice = new Choice(JDK, "SunJCE: the JDK's intrinsics gave wrong answers once compiled");
        } else if (!scalar) {
            choice = new Choice(VECTOR, "JDK intrinsics: our Poly1305 gave wrong answers once compiled");
        } else if (!vector) {
            choice = new Choice(SCALAR, "JDK intrinsics with own Poly1305: the JDK's gave wrong answers once compiled");
        } else {
            long ours = AeadTrial.nanoseconds(SCALAR, clock);
            long theirs = AeadTrial.nanoseconds(VECTOR, clock);
            AeadProvider faster = theirs < ours ? VECTOR : SCALAR;
            choice = new Choice(
                    faster,
                    faster.name() + ": " + AeadTrial.PACKET_LENGTH + " bytes in " + Math.min(ours, theirs)
                            + " ns, with the other Poly1305 in " + Math.max(ours, theirs) + " ns");
        }
        return choice;
    }

    private static Choice firstChoice() {
        if (!JdkIntrinsics.MISSING.isEmpty()) {
            return new Choice(JDK, "SunJCE: " + JdkIntrinsics.MISSING);
        }
        try {
            return AeadTrial.agree(SCALAR, JDK, FIRST_CHECKS)
                    ? new Choice(SCALAR, "JDK intrinsics with own Poly1305: known answers are right")
                    : new Choice(JDK, "SunJCE: the JDK's intrinsics gave wrong answers");
        } catch (RuntimeException failure) {
            return new Choice(JDK, "SunJCE: the JDK's intrinsics failed: " + failure.getMessage());
        }
    }
}
