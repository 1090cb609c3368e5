package dev.sluice.functions.directory.sync;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What providers send, made fit to be kept. */
public final class Provided {
    private static final int LONGEST = 255;
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1F\\x7F]");
    private static final Pattern EMAIL = Pattern.compile("[^\\s@]{1,64}@[^\\s@]{1,189}");

    private Provided() {}

    /**
     * An id.
     *
     * @throws DirectoryFailure when it can be none
     */
    public static String id(@Nullable String text) {
        if (text == null
                || text.isBlank()
                || text.length() > LONGEST
                || CONTROL.matcher(text).find()) {
            throw DirectoryFailure.lasting("The directory has something without an id, or with one that is none.");
        }
        return text;
    }

    /** What of a text can be shown as a name; what else there is, where nothing can. */
    public static String name(@Nullable String text, String otherwise) {
        String shown = text == null ? "" : CONTROL.matcher(text).replaceAll("").strip();
        return shown.isEmpty() ? otherwise : shown.substring(0, Math.min(shown.length(), LONGEST));
    }

    /** An address; null if it is none. */
    public static @Nullable String email(@Nullable String text) {
        return text != null && EMAIL.matcher(text).matches() ? text : null;
    }

    /** As SCIM has what is kept of a user. */
    static String resource(DirectoryConnector.User user) {
        ObjectNode resource = JsonNodeFactory.instance.objectNode().put("displayName", user.name());
        if (user.email() != null) {
            resource.putArray("emails").addObject().put("value", user.email());
        }
        return resource.toString();
    }
}
