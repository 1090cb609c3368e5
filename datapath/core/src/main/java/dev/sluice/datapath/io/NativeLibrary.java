package dev.sluice.datapath.io;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Netty's native part, which has to be a file to be loaded. A directory of ours holds it meanwhile, since the system's for
 * temporary files may be full, read-only, or mounted so that nothing there is run.
 */
public final class NativeLibrary {
    private static final String DIRECTORY = "io.netty.native.workdir";

    private NativeLibrary() {}

    /**
     * Loads it, once in a process.
     *
     * @param directory made if it is not there; where it cannot be used the system's for temporary files is tried
     * @throws NativeLibraryException saying which directories it was and what to do
     */
    public static void load(Path directory) throws NativeLibraryException {
        if (System.getProperty(DIRECTORY) == null && isUsable(directory)) {
            System.setProperty(DIRECTORY, directory.toString());
        }
        if (!Epoll.isAvailable()) {
            throw new NativeLibraryException("Netty's native library cannot be loaded from "
                    + System.getProperty(DIRECTORY, System.getProperty("java.io.tmpdir")) + " ("
                    + reason(Epoll.unavailabilityCause()) + "). It needs a directory with some free space that is"
                    + " writable and not mounted noexec: name one with SLUICE_JAVA_OPTIONS=-D" + DIRECTORY + "=DIR");
        }
    }

    private static boolean isUsable(Path directory) {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return Files.isWritable(directory);
        } catch (IOException refused) {
            return false;
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
