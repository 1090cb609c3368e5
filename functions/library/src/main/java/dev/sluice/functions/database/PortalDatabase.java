package dev.sluice.functions.database;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The database of one portal, open and checked: it exists before anything of the portal starts, and ends after it. */
public final class PortalDatabase implements AutoCloseable {
    private final DatabaseAddress application;
    private final Optional<DatabaseAddress> owner;
    private final Optional<EmbeddedServer> server;
    private final List<String> remarks;

    private PortalDatabase(
            DatabaseAddress application,
            Optional<DatabaseAddress> owner,
            Optional<EmbeddedServer> server,
            List<String> remarks) {
        this.application = application;
        this.owner = owner;
        this.server = server;
        this.remarks = new ArrayList<>(remarks);
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
                        Optional.of(external.owner()),
                        Optional.empty(),
                        List.of("database " + external.application().jdbcUrl()));
            case DatabaseSettings.SingleRole single -> oneAddress(single.address());
        };
        try {
            database.check();
        } catch (DatabaseException e) {
            database.abandon();
            throw e;
        }
        return database;
    }

    /**
     * Brings the tables up to this build where their owner is known, and leaves those of a newer build as they are.
     *
     * @throws DatabaseException when they are older than what this build needs, and its owner is not known
     */
    public void prepare() {
        try {
            Migrations migrations = migrations(line -> {});
            Migrations.Level level = migrations.level();
            if (level.newer().isPresent()) {
                remarks.add("the tables are of a newer portal (" + level.newer().get()
                        + "), and stay so: this one works on them until it is replaced");
            } else if (!level.missing().isEmpty()) {
                if (owner.isEmpty()) {
                    throw new DatabaseException("The tables of " + application.jdbcUrl()
                            + " are older than this portal. Run ./sluice portal migrate first, with "
                            + DatabaseSettings.OWNER_URL
                            + " as well; portals that run may go on meanwhile. Missing:\n  "
                            + String.join("\n  ", level.missing()));
                }
                remarks.add("tables brought up to date: " + migrations.carryOut() + " migrations");
            }
        } catch (DatabaseException e) {
            abandon();
            throw e;
        }
    }

    /** What {@link #migrate} would carry out, in order; empty where the tables are newer than this build too. */
    public List<String> pending() {
        Migrations.Level level = migrations(line -> {}).level();
        return level.newer().isPresent() ? List.of() : level.missing();
    }

    /**
     * Carries out what is missing.
     *
     * @param progress hears of each migration once it is done, and of each wait, in a line
     * @throws DatabaseException when it cannot, or when the owner is not known; what was carried out before stays
     */
    public void migrate(Consumer<String> progress) {
        if (owner.isEmpty()) {
            throw new DatabaseException("The role " + application.user() + " does not own the tables. Set "
                    + DatabaseSettings.OWNER_URL + " to the role that does.");
        }
        if (!pending().isEmpty()) {
            migrations(progress).carryOut();
        }
    }

    /** The role of every request. */
    public DatabaseAddress application() {
        return application;
    }

    /** What an operator should know of this database, a line each. */
    public List<String> remarks() {
        return List.copyOf(remarks);
    }

    /** The configuration by which the application's connections find the database. */
    public Map<String, String> properties() {
        return properties(application);
    }

    /** Stops the embedded server; a configured one is left alone. */
    @Override
    public void close() {
        server.ifPresent(EmbeddedServer::stop);
    }

    /** The configuration by which connections of this role find the database. */
    public static Map<String, String> properties(DatabaseAddress application) {
        Map<String, String> properties = new LinkedHashMap<>();
        put(properties, "quarkus.datasource.jdbc.url", application.jdbcUrl());
        put(properties, "quarkus.datasource.username", application.user());
        put(properties, "quarkus.datasource.password", application.password());
        put(properties, "quarkus.datasource.reserved.jdbc.url", application.jdbcUrl());
        put(properties, "quarkus.datasource.reserved.username", application.user());
        put(properties, "quarkus.datasource.reserved.password", application.password());
        put(properties, "quarkus.datasource.waiting.jdbc.url", application.jdbcUrl());
        put(properties, "quarkus.datasource.waiting.username", application.user());
        put(properties, "quarkus.datasource.waiting.password", application.password());
        put(properties, "quarkus.datasource.jdbc.additional-jdbc-properties." + DatabaseAddress.ERROR_DETAIL, "false");
        return properties;
    }

    private static PortalDatabase embedded(DatabaseSettings.Embedded settings) {
        EmbeddedServer server = EmbeddedServer.open(settings);
        String how = server.attached() ? "attached to the running server of" : "server started on";
        return new PortalDatabase(
                server.address(EmbeddedServer.APPLICATION, EmbeddedServer.DATABASE),
                Optional.of(server.address(EmbeddedServer.OWNER, EmbeddedServer.DATABASE)),
                Optional.of(server),
                List.of("database embedded PostgreSQL, " + how + " " + settings.directory() + ", port "
                        + server.port()));
    }

    /** The owner's, or one whose tables somebody else owns and migrates. */
    private static PortalDatabase oneAddress(DatabaseAddress address) {
        boolean owns;
        try {
            owns = DatabaseChecks.ownsTables(address);
        } catch (SQLException e) {
            throw unreachable(address, e);
        }
        List<String> remarks = new ArrayList<>(List.of("database " + address.jdbcUrl()));
        if (owns) {
            remarks.add("one role owns the tables and works on them: whoever takes over the portal can switch off the"
                    + " triggers that end access, and rewrite the audit log; and only the portal's statements keep the"
                    + " accounts apart, not the database. Set " + DatabaseSettings.OWNER_URL
                    + " to a second role to keep the two apart.");
        }
        return new PortalDatabase(address, owns ? Optional.of(address) : Optional.empty(), Optional.empty(), remarks);
    }

    private void check() {
        List<String> violations;
        try {
            violations = DatabaseChecks.violations(application, owner.map(DatabaseAddress::user));
        } catch (SQLException e) {
            throw unreachable(application, e);
        }
        if (!violations.isEmpty()) {
            throw new DatabaseException("The database " + application.jdbcUrl()
                    + " cannot keep what the portal promises:\n  " + String.join("\n  ", violations));
        }
    }

    private Migrations migrations(Consumer<String> progress) {
        return new Migrations(owner.orElse(application), application.user(), progress);
    }

    /** Where the start ends here: an embedded server may be another portal's that was killed. */
    private void abandon() {
        server.ifPresent(EmbeddedServer::abandon);
    }

    private static DatabaseException unreachable(DatabaseAddress address, SQLException cause) {
        return new DatabaseException(
                "The database " + address.jdbcUrl() + " does not accept the portal: " + cause.getMessage(), cause);
    }

    private static void put(Map<String, String> properties, String name, String value) {
        if (!value.isEmpty()) {
            properties.put(name, value);
        }
    }
}
