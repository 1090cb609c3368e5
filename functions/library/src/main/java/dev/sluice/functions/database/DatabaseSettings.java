package dev.sluice.functions.database;

import java.nio.file.Path;
import java.util.Map;

/** Which database the portal uses, read from the environment. */
public sealed interface DatabaseSettings {
    String URL = "SLUICE_DATABASE_URL";
    String OWNER_URL = "SLUICE_DATABASE_OWNER_URL";
    String DATA_DIRECTORY = "SLUICE_DATA_DIR";

    /**
     * The server that the portal starts itself.
     *
     * @param directory where it keeps everything: data, credentials, log
     * @param binaries where the server's programs are unpacked, once per user
     */
    record Embedded(Path directory, Path binaries) implements DatabaseSettings {}

    /**
     * A server that somebody runs, reached by two roles.
     *
     * @param application the role of every request
     * @param owner the role of the migrations
     */
    record External(DatabaseAddress application, DatabaseAddress owner) implements DatabaseSettings {}

    /** A server that somebody runs, reached by one role that owns the tables it works on. */
    record SingleRole(DatabaseAddress address) implements DatabaseSettings {}

    /** @throws DatabaseException when the variables contradict each other or an address is malformed */
    static DatabaseSettings from(Map<String, String> environment) {
        String url = environment.getOrDefault(URL, "");
        String ownerUrl = environment.getOrDefault(OWNER_URL, "");
        if (url.isBlank()) {
            if (!ownerUrl.isBlank()) {
                throw new DatabaseException(OWNER_URL + " is set without " + URL
                        + ". Set both, or neither to use the embedded PostgreSQL.");
            }
            return new Embedded(dataDirectory(environment).resolve("postgresql"), cacheDirectory(environment));
        }
        DatabaseAddress application = DatabaseAddress.parse(URL, url);
        if (ownerUrl.isBlank()) {
            return new SingleRole(application);
        }
        DatabaseAddress owner = DatabaseAddress.parse(OWNER_URL, ownerUrl);
        return owner.user().equals(application.user()) ? new SingleRole(application) : new External(application, owner);
    }

    /** Where the portal keeps what stays: {@code SLUICE_DATA_DIR}, else {@code sluice} in the user's data directory. */
    static Path dataDirectory(Map<String, String> environment) {
        String configured = environment.getOrDefault(DATA_DIRECTORY, "");
        return configured.isBlank()
                ? userDirectory(environment, "XDG_DATA_HOME", ".local/share")
                : Path.of(configured).toAbsolutePath().normalize();
    }

    private static Path cacheDirectory(Map<String, String> environment) {
        return userDirectory(environment, "XDG_CACHE_HOME", ".cache");
    }

    private static Path userDirectory(Map<String, String> environment, String variable, String fallback) {
        String base = environment.getOrDefault(variable, "");
        // The XDG specification: a relative path in these variables is to be ignored.
        Path directory = base.isBlank() || !Path.of(base).isAbsolute()
                ? Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), fallback)
                : Path.of(base);
        return directory.resolve("sluice").toAbsolutePath().normalize();
    }
}
