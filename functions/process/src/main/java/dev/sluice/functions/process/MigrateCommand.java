package dev.sluice.functions.process;

import dev.sluice.functions.database.DatabaseSettings;
import dev.sluice.functions.database.PortalDatabase;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** {@code ./sluice portal migrate}: brings the tables up to this build, while portals of the version before run on them. */
final class MigrateCommand {
    static final String NAME = "migrate";

    private static final String USAGE = """
            usage: ./sluice portal migrate [--plan]
            Brings the database's tables up to this version of the portal, and says what was done. Portals of the version
            before may run meanwhile and afterwards: replace them one by one, then.

              --plan    say what would be done, and change nothing

            Environment:
              SLUICE_DATABASE_URL         the application's role, which is granted what the portal needs
              SLUICE_DATABASE_OWNER_URL   the role that owns the tables; a portal that is started without it migrates nothing
              SLUICE_DATA_DIR             without the two: the embedded database of a portal that does not run""";

    private MigrateCommand() {}

    /** Returns the exit code: 0 done, 2 usage. */
    static int run(Map<String, String> environment, PrintStream out, PrintStream errors, List<String> options) {
        if (options.contains("--help") || options.contains("-h")) {
            out.println(USAGE);
            return 0;
        }
        boolean plan = options.equals(List.of("--plan"));
        if (!options.isEmpty() && !plan) {
            errors.println(USAGE);
            return 2;
        }
        try (PortalDatabase database = PortalDatabase.open(DatabaseSettings.from(environment))) {
            List<String> pending = database.pending();
            if (pending.isEmpty()) {
                out.println("The tables are up to date.");
            } else if (plan) {
                pending.forEach(out::println);
            } else {
                database.migrate(out::println);
            }
        }
        return 0;
    }
}
