package dev.sluice.datapath.crypto;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The providers that this process can use, and which of them it does use.
 *
 * <p>Two are fast, each on other processors: the JDK's vector code without SunJCE's cipher around it, with the JDK's or with
 * our authenticator; and whoever knows another one may {@linkplain #add add} it. Those that agree with SunJCE on known
 * answers, also once compiled, are timed by {@link #warmUp}; until then the first of them serves. Otherwise SunJCE serves.
 */
public final class AeadProviders {
    /** Interpreted: enough to see every length of a last block, short enough not to delay the start. */
    private static final int FIRST_CHECKS = 40;

    /** Enough for the JIT compiler to replace the JDK's methods by vector code. */
    private static final int WARM_CHECKS = 2_500;

    private static final AeadProvider JDK = new JdkAeadProvider();
    private static final AeadProvider BOUNCY_CASTLE = new BouncyCastleAeadProvider();

    /** The first one is slow on no processor. */
    private static final CopyOnWriteArrayList<AeadProvider> FAST = new CopyOnWriteArrayList<>(fast());

    private static volatile Choice choice = firstChoice();
    private static volatile boolean chosen;

    /**
     * What is used, and why.
     *
     * @param reason a sentence for the log
     */
    public record Choice(AeadProvider provider, String reason) {}

    private AeadProviders() {}

    /** Takes another provider into the choice: before {@link #warmUp}. */
    public static void add(AeadProvider provider) {
        FAST.addIfAbsent(provider);
        if (choice.provider() == JDK) {
            choice = firstChoice();
        }
    }

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
        Stream.concat(FAST.stream(), Stream.of(JDK, BOUNCY_CASTLE))
                .filter(provider -> provider != preferred)
                .forEach(available::add);
        return available;
    }

    /** The provider that a command line names: its name in small letters, with hyphens. */
    public static Optional<AeadProvider> find(String word) {
        return available().stream()
                .filter(provider -> word(provider).equalsIgnoreCase(word))
                .findFirst();
    }

    /** How a command line names a provider. */
    public static String word(AeadProvider provider) {
        return provider.name().toLowerCase(Locale.ROOT).replace(' ', '-');
    }

    /** Uses this provider from now on, whatever is faster. */
    public static void use(AeadProvider provider) {
        chosen = true;
        choice = new Choice(provider, provider.name() + ": it was asked for");
    }

    /**
     * Runs the fast ones until they are compiled, checks them again (compiled code is other code), and prefers the fastest
     * from then on. Takes some hundred milliseconds: a start does it beside something that it waits for.
     *
     * @param clock nanoseconds, of the thread's own processor time where the machine is shared
     */
    public static Choice warmUp(LongSupplier clock) {
        if (chosen) {
            AeadTrial.agree(choice.provider(), JDK, WARM_CHECKS);
            return choice;
        }
        Map<AeadProvider, Long> times = new LinkedHashMap<>();
        List<String> wrong = new ArrayList<>();
        for (AeadProvider provider : FAST) {
            if (AeadTrial.agree(provider, JDK, WARM_CHECKS)) {
                times.put(provider, AeadTrial.nanoseconds(provider, clock));
            } else {
                wrong.add("; " + provider.name() + " gave wrong answers once compiled");
            }
        }
        AeadProvider fastest = times.isEmpty()
                ? JDK
                : Collections.min(times.entrySet(), Map.Entry.comparingByValue())
                        .getKey();
        String figures = times.entrySet().stream()
                .map(time -> time.getKey().name() + " " + time.getValue() + " ns")
                .collect(Collectors.joining(", ", "for " + AeadTrial.PACKET_LENGTH + " bytes ", ""));
        choice = times.isEmpty() && wrong.isEmpty()
                ? choice
                : new Choice(fastest, fastest.name() + ": " + figures + String.join("", wrong));
        return choice;
    }

    private static List<AeadProvider> fast() {
        List<AeadProvider> fast = new ArrayList<>();
        if (JdkIntrinsics.MISSING.isEmpty()) {
            fast.add(IntrinsicAeadProvider.scalar());
            fast.add(IntrinsicAeadProvider.vector());
        }
        return fast;
    }

    private static Choice firstChoice() {
        String missing = JdkIntrinsics.MISSING.isEmpty() ? "" : ": " + JdkIntrinsics.MISSING;
        for (AeadProvider provider : FAST) {
            try {
                if (AeadTrial.agree(provider, JDK, FIRST_CHECKS)) {
                    return new Choice(provider, provider.name() + " until all were timed" + missing);
                }
                missing += "; " + provider.name() + " gave wrong answers";
            } catch (RuntimeException failure) {
                missing += "; " + provider.name() + " failed: " + failure.getMessage();
            }
        }
        return new Choice(JDK, "SunJCE" + missing);
    }
}
