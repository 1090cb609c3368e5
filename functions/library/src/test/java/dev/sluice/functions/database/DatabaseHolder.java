package dev.sluice.functions.database;

import java.nio.file.Path;

/** A portal reduced to its database, as a process that a test can kill: opens, says so, and waits for its end. */
final class DatabaseHolder {
    private DatabaseHolder() {}

    /** Its one argument is the embedded server's directory; the end of its input stops the server cleanly. */
    public static void main(String[] arguments) throws Exception {
        PortalDatabase database = PortalDatabase.open(TestPostgres.settings(Path.of(arguments[0])));
        System.out.println("open " + database.application().jdbcUrl());
        while (System.in.read() >= 0) {
            // Waits for the end of the input.
        }
        database.close();
    }

    static Process start(Path directory, String... prefix) throws Exception {
        String[] command = new String[prefix.length + 5];
        System.arraycopy(prefix, 0, command, 0, prefix.length);
        command[prefix.length] =
                Path.of(System.getProperty("java.home"), "bin", "java").toString();
        command[prefix.length + 1] = "-cp";
        command[prefix.length + 2] = System.getProperty("java.class.path");
        command[prefix.length + 3] = DatabaseHolder.class.getName();
        command[prefix.length + 4] = directory.toString();
        return new ProcessBuilder(command).start();
    }
}
