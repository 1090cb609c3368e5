package dev.sluice.datapath.app;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a device keeps what outlives its process. */
final class StateDirectory {
    private StateDirectory() {}

    /** The one that is named, else the standard one. */
    static Path of(@Nullable Path named, Map<String, String> environment) {
        return named != null ? named : standard(environment);
    }

    /** {@code /var/lib/sluice} for root, else {@code $XDG_STATE_HOME/sluice}, else {@code ~/.local/state/sluice}. */
    static Path standard(Map<String, String> environment) {
        if (System.getProperty("user.name", "").equals("root")) {
            return Path.of("/var/lib/sluice");
        }
        String state = environment.get("XDG_STATE_HOME");
        return state != null && !state.isBlank()
                ? Path.of(state, "sluice")
                : Path.of(System.getProperty("user.home", "/"), ".local", "state", "sluice");
    }
}
