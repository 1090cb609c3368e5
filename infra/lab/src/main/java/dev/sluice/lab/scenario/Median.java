package dev.sluice.lab.scenario;

import java.util.Arrays;

/** Measures several times, so that one busy moment of the machine decides nothing. */
final class Median {
    private static final int ROUNDS = 5;

    /** One measurement. */
    interface Measurement {
        double take() throws Exception;
    }

    private Median() {}

    /** The median of five. */
    static double of(Measurement measurement) throws Exception {
        double[] values = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            values[i] = measurement.take();
        }
        Arrays.sort(values);
        return values[ROUNDS / 2];
    }
}
