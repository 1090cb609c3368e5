package dev.sluice.functions.database;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The server's programs ({@code initdb}, {@code pg_ctl}, {@code postgres}), unpacked once per user and version. */
final class PostgresBinaries {
    private static final int FINGERPRINT_BYTES = 1 << 20;

    private PostgresBinaries() {}

    /**
     * The directory that holds {@code bin}, {@code lib} and {@code share}, unpacked below {@code cache} if it is not there.
     *
     * @throws DatabaseException when there are no programs for this machine or they cannot be written
     */
    static Path unpack(Path cache) {
        try {
            Path home = cache.resolve("postgresql-" + fingerprint());
            if (Files.isExecutable(home.resolve("bin/postgres"))) {
                return home;
            }
            Files.createDirectories(cache);
            Path partial = Files.createTempDirectory(cache, "postgresql-unpacking-");
            try (InputStream archive = open()) {
                extract(archive, partial);
            }
            publish(partial, home);
            return home;
        } catch (IOException | UncheckedIOException e) {
            throw new DatabaseException(
                    "Cannot unpack the embedded PostgreSQL into " + cache + ": " + e.getMessage()
                            + ". Make the directory writable (XDG_CACHE_HOME moves it), or set SLUICE_DATABASE_URL.",
                    e);
        }
    }

    /** Removes a directory with everything in it, following no links. */
    static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static InputStream open() throws IOException {
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String name = switch (machine) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> machine;
        };
        InputStream archive = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary("Linux", name);
        if (archive == null || !System.getProperty("os.name", "").equals("Linux")) {
            throw new IOException("there are no programs for " + System.getProperty("os.name") + " on " + machine);
        }
        return archive;
    }

    /** Tells builds of the server apart by the beginning of their archive: reading it all would cost every start. */
    private static String fingerprint() throws IOException {
        try (InputStream archive = open()) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(archive.readNBytes(FINGERPRINT_BYTES));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void extract(InputStream archive, Path target) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("the archive points outside of itself: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                    continue;
                }
                Files.createDirectories(path.getParent());
                if (entry.isSymbolicLink() || entry.isLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, path);
                    Files.setPosixFilePermissions(
                            path,
                            PosixFilePermissions.fromString((entry.getMode() & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }

    /** Two processes may unpack at once: the first to rename wins, and the other uses its result. */
    private static void publish(Path partial, Path home) throws IOException {
        try {
            Files.move(partial, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            delete(partial);
        } catch (IOException e) {
            if (!Files.isExecutable(home.resolve("bin/postgres"))) {
                throw e;
            }
            delete(partial);
        }
    }
}
