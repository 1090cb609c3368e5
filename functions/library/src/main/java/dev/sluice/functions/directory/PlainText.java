package dev.sluice.functions.directory;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What of the texts that directories send can be shown here. */
public final class PlainText {
    /** Of names and ids, in characters. */
    public static final int LONGEST = 255;

    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1F\\x7F]");
    private static final Pattern EMAIL = Pattern.compile("[^\\s@]{1,64}@[^\\s@]{1,189}");

    private PlainText() {}

    /** Whether it can stand for something as it is. */
    public static boolean isName(String text) {
        return !text.isBlank()
                && text.length() <= LONGEST
                && !CONTROL.matcher(text).find();
    }

    /** What of it can be shown as a name; what else there is, where nothing can. */
    public static String name(@Nullable String text, String otherwise) {
        String shown = text == null ? "" : CONTROL.matcher(text).replaceAll("").strip();
        return shown.isEmpty() ? otherwise : shown.substring(0, Math.min(shown.length(), LONGEST));
    }

    /** An address; null if it is none. */
    public static @Nullable String email(@Nullable String text) {
        return text != null && EMAIL.matcher(text).matches() ? text : null;
    }
}
