package dev.sluice.functions.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * This build's migrations against one database. Portals of the version before work on while they run and after: a migration
 * adds, and takes away only what the version before has done without.
 */
final class Migrations {
    /** Whoever waits for a table keeps those waiting who come after it: it gives way that soon, and tries again. */
    private static final Duration LOCK_WITHIN = Duration.ofSeconds(2);

    private static final int ATTEMPTS = 30;

    /** It waited for too long, or in a circle: lock_not_available, deadlock_detected. */
    private static final Set<String> IN_THE_WAY = Set.of("55P03", "40P01");

    private final Flyway flyway;
    private final Consumer<String> progress;

    /**
     * How far the tables are.
     *
     * @param missing what this build has and the database has not, in its order
     * @param newer the newest version that was carried out, where this build does not have it
     */
    record Level(List<String> missing, Optional<String> newer) {}

    /**
     * @param role who looks, or who carries out
     * @param applicationRole the role that is granted what requests need
     * @param progress hears of each migration that was carried out, and of each wait, in a line
     */
    Migrations(DatabaseAddress role, String applicationRole, Consumer<String> progress) {
        this.progress = progress;
        flyway = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(source(role))
                .initSql("SET lock_timeout = " + LOCK_WITHIN.toMillis())
                .placeholders(Map.of("application_role", applicationRole))
                // What a newer build has added, and functions that this one has no more.
                .ignoreMigrationPatterns("*:future", "repeatable:missing")
                .callbacks(new Progress(progress))
                .load();
    }

    /** Looks, and changes nothing; needs no more than to read the history. */
    Level level() {
        try {
            var information = flyway.info();
            return new Level(
                    Arrays.stream(information.pending()).map(Migrations::name).toList(),
                    Arrays.stream(information.all())
                            .filter(migration -> migration.getState() == MigrationState.FUTURE_SUCCESS)
                            .filter(MigrationInfo::isVersioned)
                            .map(migration -> migration.getVersion().getVersion())
                            .reduce((older, newer) -> newer));
        } catch (FlywayException e) {
            throw failed(e);
        }
    }

    /**
     * Carries out what is missing, each migration in a transaction of its own.
     *
     * @return how many there were
     */
    int carryOut() {
        int before = level().missing().size();
        for (int attempt = 1; ; attempt++) {
            try {
                flyway.migrate();
                return before;
            } catch (FlywayException e) {
                if (attempt == ATTEMPTS || !IN_THE_WAY.contains(state(e))) {
                    throw failed(e);
                }
                progress.accept("gives way to transactions under way, and tries again");
            }
        }
    }

    private static String name(MigrationInfo migration) {
        return migration.isVersioned()
                ? migration.getVersion() + " " + migration.getDescription()
                : migration.getDescription();
    }

    private static PGSimpleDataSource source(DatabaseAddress role) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        // The driver's own reading of an address knows each of its parameters.
        source.setURL(role.jdbcUrl());
        source.setUser(role.user());
        source.setPassword(role.password());
        source.setApplicationName("sluice");
        source.setLogServerErrorDetail(false);
        return source;
    }

    private static DatabaseException failed(FlywayException e) {
        return new DatabaseException("The database's tables cannot be brought up to this portal: " + e.getMessage(), e);
    }

    /** Empty if it is not the database's. */
    private static String state(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException refusal) {
                return Objects.requireNonNullElse(refusal.getSQLState(), "");
            }
        }
        return "";
    }

    private static final class Progress extends BaseCallback {
        private final Consumer<String> told;

        Progress(Consumer<String> told) {
            this.told = told;
        }

        @Override
        public boolean supports(Event event, Context context) {
            return event == Event.AFTER_EACH_MIGRATE;
        }

        @Override
        public void handle(Event event, Context context) {
            told.accept("done: " + name(context.getMigrationInfo()));
        }
    }
}
