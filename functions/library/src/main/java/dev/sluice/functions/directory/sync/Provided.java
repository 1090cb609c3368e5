package dev.sluice.functions.directory.sync;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.functions.directory.PlainText;
import org.jspecify.annotations.Nullable;

/** What providers send, made fit to be kept. */
public final class Provided {
    private Provided() {}

    /**
     * An id.
     *
     * @throws DirectoryFailure when it can be none
     */
    public static String id(@Nullable String text) {
        if (text == null || !PlainText.isName(text)) {
            throw DirectoryFailure.lasting("The directory has something without an id, or with one that is none.");
        }
        return text;
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
