package dev.sluice.datapath.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/** A file that nobody may read but its owner, or a group that this process is in, as container platforms mount them. */
final class SecretFile {
    private static final Set<PosixFilePermission> OWNERS =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    /** Mode 440, as container platforms mount secrets. */
    private static final Set<PosixFilePermission> MOUNTED =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.GROUP_READ);

    private static final Path OWN_STATUS = Path.of("/proc/self/status");

    private SecretFile() {}

    /**
     * Its text, in UTF-8; a byte that is none, in a comment of another encoding, becomes a question mark.
     *
     * @param what it holds, for messages
     * @throws CommandFailedException when it cannot be read, or others can
     */
    static String read(Path file, String what) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            String mode = PosixFilePermissions.toString(permissions);
            boolean ownersAlone = OWNERS.containsAll(permissions);
            if (!ownersAlone && !(MOUNTED.containsAll(permissions) && isOfOurGroup(file))) {
                throw CommandFailedException.refused("the " + what + " file " + file + " has mode " + mode
                        + "; it holds a secret: chmod 600 " + file);
            }
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException missing) {
            throw CommandFailedException.refused("the " + what + " file " + file + " does not exist");
        } catch (IOException unreadable) {
            throw CommandFailedException.refused(
                    "the " + what + " file " + file + " cannot be read: " + unreadable.getMessage());
        }
    }

    /** Of the process's group, or of one of its further groups (proc(5)). */
    private static boolean isOfOurGroup(Path file) throws IOException {
        String group = String.valueOf(Files.getAttribute(file, "unix:gid"));
        return Files.readAllLines(OWN_STATUS).stream()
                .filter(line -> line.startsWith("Gid:") || line.startsWith("Groups:"))
                .flatMap(line -> Stream.of(line.split("\\s+")))
                .anyMatch(group::equals);
    }
}
