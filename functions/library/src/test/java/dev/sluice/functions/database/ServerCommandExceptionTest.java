package dev.sluice.functions.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerCommandExceptionTest {
    @Test
    void shouldSayTheWayOutOfWhatHostsForbid() {
        assertThat(message("unshare: unshare failed: Operation not permitted"))
                .contains("Operation not permitted", "ordinary user", "SLUICE_DATABASE_URL");
        assertThat(message("initdb: error: cannot be run as root")).contains("ordinary user");
        assertThat(message("initdb: could not look up effective user ID 4711: user does not exist"))
                .contains("/etc/passwd", "SLUICE_DATABASE_URL");
        assertThat(message("FATAL:  could not open shared memory segment \"/PostgreSQL.1\": Read-only file system"))
                .contains("/dev/shm");
        assertThat(message("something else")).isEqualTo("initdb ended with code 1: something else");
    }

    private static String message(String output) {
        return new ServerCommandException("initdb", 1, output).getMessage();
    }
}
