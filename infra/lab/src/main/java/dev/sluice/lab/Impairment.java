package dev.sluice.lab;

import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * What a wire does to frames, in each direction by itself. Probabilities are fractions of 1.
 *
 * @param delay how long every frame takes
 * @param jitter the most by which a frame's delay differs from {@code delay}, either way, evenly spread
 * @param loss the probability that a frame is lost
 * @param duplicate the probability that a frame arrives twice
 * @param reorder the probability that a frame is held back so that the frames behind it overtake it
 * @param bitsPerSecond the rate of the wire, 0 for no limit
 * @param seed what the randomness starts from: the same seed gives the same fates to the same sequence of frames
 */
public record Impairment(
        Duration delay, Duration jitter, double loss, double duplicate, double reorder, long bitsPerSecond, long seed) {
    /** A wire that changes nothing. */
    public static final Impairment NONE = new Impairment(Duration.ZERO, Duration.ZERO, 0, 0, 0, 0, 1);

    /** How long a reordered frame is held back where the delay and the jitter say nothing about the wire's scale. */
    private static final Duration SHORTEST_HOLD = Duration.ofMillis(2);

    /** The most that waits for a slow wire; what comes beyond it is lost, as in a router's queue. */
    private static final Duration LONGEST_QUEUE = Duration.ofMillis(500);

    /** The fates of the frames of one direction; {@code direction} tells the two of a wire apart. */
    Fates fates(int direction) {
        return new Fates(this, RandomGeneratorFactory.of("L64X128MixRandom").create(seed * 2 + direction));
    }

    /** Decides about one frame after the other. Not safe for use by several threads. */
    static final class Fates {
        /** The frame is lost. */
        static final long LOST = -1;

        private final Impairment impairment;
        private final RandomGenerator random;
        private long freeAt = Long.MIN_VALUE;

        private Fates(Impairment impairment, RandomGenerator random) {
            this.impairment = impairment;
            this.random = random;
        }

        /** When a frame of {@code length} bytes that came at {@code now} arrives, in nanoseconds, or {@link #LOST}. */
        long arrival(int length, long now) {
            // Every frame draws the same number of values, so that one frame's fate does not shift the others'.
            boolean lost = random.nextDouble() < impairment.loss;
            boolean reordered = random.nextDouble() < impairment.reorder;
            double spread = random.nextDouble() * 2 - 1;
            if (lost) {
                return LOST;
            }
            long sent = now;
            if (impairment.bitsPerSecond > 0) {
                long start = Math.max(now, freeAt);
                if (start - now > LONGEST_QUEUE.toNanos()) {
                    return LOST;
                }
                sent = start + length * 8_000_000_000L / impairment.bitsPerSecond;
                freeAt = sent;
            }
            long travel = impairment.delay.toNanos() + Math.round(spread * impairment.jitter.toNanos());
            return sent + Math.max(0, travel) + (reordered ? hold() : 0);
        }

        /** Whether the frame that was just decided about arrives a second time. */
        boolean duplicated() {
            return random.nextDouble() < impairment.duplicate;
        }

        private long hold() {
            return Math.max(
                    SHORTEST_HOLD.toNanos(), Math.max(impairment.delay.toNanos() / 2, impairment.jitter.toNanos() * 2));
        }
    }
}
