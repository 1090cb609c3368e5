package dev.sluice.functions.process;

import dev.sluice.functions.database.DatabaseException;
import dev.sluice.functions.database.PortalDatabase;
import dev.sluice.functions.settings.PortalConfigSource;
import dev.sluice.functions.settings.SettingException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Starts the database, then the application; stops the application, then the database. Or migrates the database alone. */
@QuarkusMain
public final class Main {
    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);

    private static final String USAGE = """
            usage: ./sluice portal start [--development]

            What it is to be is said by variables: see SLUICE_* in the README.
              --development   sends no mails: prints them, and lists them to the operator (./sluice portal mails ADDRESS)""";

    private Main() {}

    public static void main(String... arguments) {
        List<String> options = List.of(arguments);
        try {
            if (!options.isEmpty() && options.getFirst().equals(MigrateCommand.NAME)) {
                System.exit(MigrateCommand.run(
                        System.getenv(), System.out, System.err, options.subList(1, options.size())));
            }
            boolean development = options.equals(List.of("--development"));
            if (!options.isEmpty() && !development) {
                boolean asked = options.equals(List.of("--help")) || options.equals(List.of("-h"));
                (asked ? System.out : System.err).println(USAGE);
                System.exit(asked ? 0 : 2);
            }
            run(development);
        } catch (SettingException | DatabaseException e) {
            System.err.println("sluice portal: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(boolean development) {
        PortalSettings settings = PortalSettings.from(System.getenv(), development);
        PortalDatabase database = PortalDatabase.open(settings.database());
        database.prepare();

        Map<String, String> properties = new LinkedHashMap<>(settings.properties());
        properties.putAll(database.properties());
        properties.computeIfAbsent("sluice.secrets.key", name -> secretsKey(settings));
        List<String> remarks = new ArrayList<>(settings.remarks());
        remarks.addAll(database.remarks());
        properties.put(Announcement.REMARKS, String.join("\n", remarks));
        PortalConfigSource.provide(properties);

        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stopped, database), "database-stop"));
        Quarkus.run(null, (code, failure) -> {
            if (failure != null) {
                report(failure);
            }
            stopped.countDown();
            System.exit(code);
        });
    }

    /** For this host: where several share a database, SLUICE_SECRETS_KEY says the same to all. */
    private static String secretsKey(PortalSettings settings) {
        try {
            return PrivateFile.text(
                    settings.dataDirectory().resolve("secrets-key"), "key of secrets", Base64.getEncoder());
        } catch (IOException e) {
            throw new SettingException(String.valueOf(e.getMessage()));
        }
    }

    /** What the operator can change is said in one line; anything else is ours, and needs its trace. */
    private static void report(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SettingException || cause instanceof DatabaseException) {
                System.err.println("sluice portal: " + cause.getMessage());
                return;
            }
        }
        System.err.println("sluice portal: the start failed.");
        failure.printStackTrace();
    }

    /** Hooks run side by side: the application's own must have ended before its database does. */
    private static void stop(CountDownLatch stopped, PortalDatabase database) {
        try {
            if (!stopped.await(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println("sluice portal: the application did not end within " + STOP_WITHIN.toSeconds()
                        + " s; the database stops now.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        database.close();
    }
}
