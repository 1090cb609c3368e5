package dev.sluice.functions.database;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Properties;
import java.util.Set;

/**
 * The passwords of the embedded server's roles, generated once and kept in a file of mode 600.
 *
 * @param superuser for the start only: it creates the roles and the database
 * @param owner for the migrations
 * @param application for every request
 */
record ServerCredentials(String superuser, String owner, String application) {
    private static final int PASSWORD_BYTES = 24;
    private static final Set<PosixFilePermission> PRIVATE =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    /** Reads the file, or creates it when there is none. */
    static ServerCredentials load(Path file) throws IOException {
        if (!Files.exists(file)) {
            ServerCredentials fresh = generate();
            fresh.store(file);
            return fresh;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!PRIVATE.containsAll(permissions)) {
            throw new DatabaseException("Others can read the database's passwords in " + file + " (mode "
                    + PosixFilePermissions.toString(permissions) + "). Make it private: chmod 600 " + file);
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return new ServerCredentials(
                read(properties, "superuser", file),
                read(properties, "owner", file),
                read(properties, "application", file));
    }

    @Override
    public String toString() {
        return "ServerCredentials[(hidden)]";
    }

    private static ServerCredentials generate() {
        SecureRandom random = new SecureRandom();
        return new ServerCredentials(password(random), password(random), password(random));
    }

    private static String password(SecureRandom random) {
        byte[] bytes = new byte[PASSWORD_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private void store(Path file) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("superuser", superuser);
        properties.setProperty("owner", owner);
        properties.setProperty("application", application);
        StringWriter text = new StringWriter();
        properties.store(text, "The passwords of the embedded PostgreSQL. Without them its data cannot be opened.");
        Path partial = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(partial);
        Files.createFile(partial, PosixFilePermissions.asFileAttribute(PRIVATE));
        Files.writeString(partial, text.toString(), StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String read(Properties properties, String name, Path file) {
        String value = properties.getProperty(name);
        if (value == null || value.isEmpty()) {
            throw new DatabaseException("The password of the role '" + name + "' is missing in " + file
                    + ". Restore the file from a backup of the data directory.");
        }
        return value;
    }
}
