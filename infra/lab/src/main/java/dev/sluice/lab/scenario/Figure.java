package dev.sluice.lab.scenario;

import java.util.Locale;

/**
 * What a scenario has measured, beside its bound.
 *
 * @param text the figure with its unit, and what else is worth reading
 * @param bound the bound with its unit
 * @param excess the figure as a multiple of the bound; 0 where the bound is not one of time and was kept
 */
public record Figure(String text, String bound, double excess) {
    /** How far a time may be over its bound on a machine that others use too. */
    private static final double TOLERANCE = 3;

    /** A time with its bound, both in milliseconds. */
    public static Figure milliseconds(double value, double bound) {
        return milliseconds(value, bound, "");
    }

    /** A time with its bound, both in milliseconds, and a remark. */
    public static Figure milliseconds(double value, double bound, String remark) {
        return new Figure(format(value) + (remark.isEmpty() ? "" : ", " + remark), "≤ " + format(bound), value / bound);
    }

    /** A count with the bound that it kept; one that did not keep it is a failure of the scenario. */
    public static Figure count(long value, long bound, String unit) {
        Check.that(value <= bound, value + " " + unit + ", and at most " + bound + " may be");
        return new Figure(value + " " + unit, "≤ " + bound, 0);
    }

    /** A fact that has been checked. */
    public static Figure fact(String text, String bound) {
        return new Figure(text, bound, 0);
    }

    boolean passes(boolean strict) {
        return excess <= (strict ? 1 : TOLERANCE);
    }

    private static String format(double milliseconds) {
        return milliseconds >= 10_000
                ? String.format(Locale.ROOT, "%.1f s", milliseconds / 1000)
                : String.format(Locale.ROOT, milliseconds >= 10 ? "%.0f ms" : "%.1f ms", milliseconds);
    }
}
