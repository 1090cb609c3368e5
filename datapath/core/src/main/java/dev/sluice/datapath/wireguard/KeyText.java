package dev.sluice.datapath.wireguard;

import java.util.Base64;

/** Keys as {@code wg} writes them: base64 of 32 bytes, 44 characters. Messages never contain what was given. */
final class KeyText {
    static final int KEY_LENGTH = 32;

    private KeyText() {}

    static byte[] parse(String kind, String text) {
        byte[] key;
        try {
            key = Base64.getDecoder().decode(text.strip());
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException(kind + " is not valid base64");
        }
        return checked(kind, key);
    }

    static byte[] checked(String kind, byte[] key) {
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException(kind + " has " + key.length + " bytes, it must have " + KEY_LENGTH);
        }
        return key.clone();
    }

    static String format(byte[] key) {
        return Base64.getEncoder().encodeToString(key);
    }
}
