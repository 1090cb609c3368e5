package dev.sluice.functions.directory.scim;

import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.sql.Ids;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which resource a request is about, and which version of it. */
final class ScimId {
    private ScimId() {}

    /** @throws ScimException when it can be that of nothing */
    static UUID of(String text) {
        UUID id = Ids.parse(text);
        if (id == null) {
            throw ScimException.missing();
        }
        return id;
    }

    /** @param ifMatch as it came, weak or strong; null if there is none */
    static Expected expected(@Nullable String ifMatch) {
        return Expected.parse(ifMatch == null ? null : ifMatch.replace("W/", ""));
    }
}
