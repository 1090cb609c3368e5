package dev.sluice.datapath.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The id by which the portal knows this device again: configured, or made once and kept in a file. */
final class DeviceId {
    private DeviceId() {}

    /**
     * The configured id, else the one in {@code <role>-id} of the state directory, which is made when missing.
     *
     * @throws CommandFailedException when the file can be neither read nor made
     */
    static String resolve(@Nullable String configured, Path stateDirectory, Role role, Supplier<UUID> fresh) {
        if (configured != null) {
            return configured;
        }
        Path file = stateDirectory.resolve(role.word() + "-id");
        try {
            if (Files.exists(file)) {
                String kept = Files.readString(file).strip();
                if (!kept.isEmpty()) {
                    return kept;
                }
            }
            Files.createDirectories(stateDirectory);
            String made = fresh.get().toString();
            Files.writeString(file, made + "\n");
            return made;
        } catch (IOException failure) {
            throw CommandFailedException.refused("cannot keep this device's id in " + file + " (" + failure.getMessage()
                    + "); give --id, or a writable --state-dir");
        }
    }
}
