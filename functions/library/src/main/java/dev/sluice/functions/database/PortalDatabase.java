package dev.sluice.functions.database;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The database of one portal, open and checked: it exists before anything of the portal starts, and ends after it. */
public final class PortalDatabase implements AutoCloseable {
    /** Where the server asks for none, the migrations' configuration still does. */
    private static final String NO_PASSWORD = "none";

    private final DatabaseAddress application;
    private final DatabaseAddress owner;
    private final Optional<EmbeddedServer> server;
    private final List<String> remarks;

    private PortalDatabase(
            DatabaseAddress application, DatabaseAddress owner, Optional<EmbeddedServer> server, List<String> remarks) {
        this.application = application;
        this.owner = owner;
        this.server = server;
        this.remarks = remarks;
    }

    /**
     * Starts or attaches to the embedded server, or connects to the configured one, and checks what must hold of it.
     *
     * @throws DatabaseException when it cannot be used
     */
    public static PortalDatabase open(DatabaseSettings settings) {
        PortalDatabase database = switch (settings) {
            case DatabaseSettings.Embedded embedded -> embedded(embedded);
            case DatabaseSettings.External external ->
                new PortalDatabase(
                        external.application(),
                        external.owner(),
                        Optional.empty(),
                        List.of("database " + external.application().jdbcUrl()));
            case DatabaseSettings.SingleRole single ->
                new PortalDatabase(
                        single.address(),
                        single.address(),
                        Optional.empty(),
                        List.of(
                                "database " + single.address().jdbcUrl(),
                                "one role owns the tables and works on them: whoever takes over the portal can"
                                        + " switch off the triggers that end access, and rewrite the audit log; and"
                                        + " only the portal's statements keep the accounts apart, not the database."
                                        + " Set " + DatabaseSettings.OWNER_URL
                                        + " to a second role to keep the two apart."));
        };
        database.check();
        return database;
    }

    /** The role of every request. */
    public DatabaseAddress application() {
        return application;
    }

    /** The role of the migrations; the same as {@link #application()} when there is only one. */
    public DatabaseAddress owner() {
        return owner;
    }

    /** What an operator should know of this database, a line each. */
    public List<String> remarks() {
        return remarks;
    }

    /** The configuration by which the application's connections and its migrations find the database. */
    public Map<String, String> properties() {
        return properties(application, owner);
    }

    /** Stops the embedded server; a configured one is left alone. */
    @Override
    public void close() {
        server.ifPresent(EmbeddedServer::stop);
    }

    static Map<String, String> properties(DatabaseAddress application, DatabaseAddress owner) {
        Map<String, String> properties = new LinkedHashMap<>();
        put(properties, "quarkus.datasource.jdbc.url", application.jdbcUrl());
        put(properties, "quarkus.datasource.username", application.user());
        put(properties, "quarkus.datasource.password", application.password());
        put(properties, "quarkus.datasource.reserved.jdbc.url", application.jdbcUrl());
        put(properties, "quarkus.datasource.reserved.username", application.user());
        put(properties, "quarkus.datasource.reserved.password", application.password());
        put(properties, "quarkus.datasource.jdbc.additional-jdbc-properties." + DatabaseAddress.ERROR_DETAIL, "false");
        put(properties, "quarkus.flyway.jdbc-url", owner.jdbcUrl());
        put(properties, "quarkus.flyway.username", owner.user());
        put(properties, "quarkus.flyway.password", owner.password().isEmpty() ? NO_PASSWORD : owner.password());
        put(properties, "quarkus.flyway.placeholders.application_role", application.user());
        return properties;
    }

    private static PortalDatabase embedded(DatabaseSettings.Embedded settings) {
        EmbeddedServer server = EmbeddedServer.open(settings);
        String how = server.attached() ? "attached to the running server of" : "server started on";
        return new PortalDatabase(
                server.address(EmbeddedServer.APPLICATION, EmbeddedServer.DATABASE),
                server.address(EmbeddedServer.OWNER, EmbeddedServer.DATABASE),
                Optional.of(server),
                List.of("database embedded PostgreSQL, " + how + " " + settings.directory() + ", port "
                        + server.port()));
    }

    private void check() {
        List<String> violations;
        try {
            violations = DatabaseChecks.violations(application, owner);
        } catch (SQLException e) {
            server.ifPresent(EmbeddedServer::abandon);
            throw new DatabaseException(
                    "The database " + application.jdbcUrl() + " does not accept the portal: " + e.getMessage(), e);
        }
        if (!violations.isEmpty()) {
            server.ifPresent(EmbeddedServer::abandon);
            throw new DatabaseException("The database " + application.jdbcUrl()
                    + " cannot keep what the portal promises:\n  " + String.join("\n  ", violations));
        }
    }

    private static void put(Map<String, String> properties, String name, String value) {
        if (!value.isEmpty()) {
            properties.put(name, value);
        }
    }
}
