package dev.sluice.functions.auth;

import java.security.SecureRandom;
import java.util.Locale;

/**
 * The code that a device shows, and somebody types elsewhere (RFC 8628, section 6.1): eight of twenty consonants, which are
 * some 34 bits, in any case of letters and with anything between.
 */
final class UserCode {
    private static final String ALPHABET = "BCDFGHJKLMNPQRSTVWXZ";
    private static final int LENGTH = 8;

    private UserCode() {}

    /** One as people are shown it. */
    static String random(SecureRandom random) {
        var code = new StringBuilder(LENGTH + 1);
        for (int n = 0; n < LENGTH; n++) {
            if (n == LENGTH / 2) {
                code.append('-');
            }
            code.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return code.toString();
    }

    /** What was typed, without what people put between. */
    static String plain(String typed) {
        return typed.toUpperCase(Locale.ROOT).replaceAll("[^A-Z]", "");
    }
}
