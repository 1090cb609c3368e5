package dev.sluice.functions.command;

import java.util.regex.Pattern;

/** Text for a terminal: names come from devices and directories, and must not steer it. */
final class Printable {
    private static final Pattern STEERING = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
    private static final Pattern STEERING_BUT_LINES = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\n]]");
    private static final String REPLACEMENT = "\uFFFD";

    private Printable() {}

    /** On one line. */
    static String text(String text) {
        return STEERING.matcher(text).replaceAll(REPLACEMENT);
    }

    /** On as many lines as it has. */
    static String lines(String text) {
        return STEERING_BUT_LINES.matcher(text).replaceAll(REPLACEMENT);
    }
}
