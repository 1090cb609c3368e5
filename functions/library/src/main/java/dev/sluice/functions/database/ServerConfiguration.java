package dev.sluice.functions.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The embedded server's configuration, written anew before each start: loopback only, scram only, durable. */
final class ServerConfiguration {
    private static final int CONNECTIONS = 100;

    /** Where it may not be written, files in the data directory serve. */
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private ServerConfiguration() {}

    static void write(Path data, int port) throws IOException {
        Files.writeString(
                data.resolve("postgresql.conf"),
                String.format(Locale.ROOT, """
                # Written at each start of the portal.
                listen_addresses = '127.0.0.1'
                port = %d
                unix_socket_directories = ''
                max_connections = %d
                password_encryption = 'scram-sha-256'

                # A decision that was told to anyone survives a crash.
                fsync = on
                synchronous_commit = on
                full_page_writes = on
                default_transaction_isolation = 'read committed'

                # A new database grows from nothing, and plans that were made for nothing read whole tables until it is
                # looked at.
                autovacuum_naptime = '5s'

                # A directory that is read for the first time writes a gigabyte of log in two minutes: without a checkpoint
                # meanwhile, and without commits of others that wait until a new file of it is filled with zeros, until what
                # does not fit into the buffers is written, or behind all that it changed and that the system writes at once.
                max_wal_size = '4GB'
                wal_init_zero = off
                wal_buffers = '16MB'
                backend_flush_after = '256kB'

                shared_buffers = 128MB
                dynamic_shared_memory_type = '%s'
                timezone = 'UTC'
                log_timezone = 'UTC'
                log_line_prefix = '%%m [%%p] '
                """, port, CONNECTIONS, Files.isWritable(SHARED_MEMORY) ? "posix" : "mmap"));
        Files.writeString(data.resolve("pg_hba.conf"), """
                # Written at each start of the portal.
                host all all 127.0.0.1/32 scram-sha-256
                """);
    }
}
