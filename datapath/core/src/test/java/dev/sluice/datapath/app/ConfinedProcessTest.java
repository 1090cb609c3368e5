package dev.sluice.datapath.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.io.PrivateNetwork;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client's process on hosts that keep kinds of sockets from it. */
@Timeout(60)
class ConfinedProcessTest {
    private static final int AF_INET6 = 10;
    private static final int AF_NETLINK = 16;
    private static final String STATUS = "http://127.0.0.1:13020/status";

    @TempDir
    Path directory;

    private PrivateNetwork network;
    private Process process;

    @BeforeEach
    void start() throws Exception {
        network = PrivateNetwork.create();
    }

    @AfterEach
    void stop() {
        if (process != null) {
            process.destroyForcibly();
        }
        if (network != null) {
            network.close();
        }
    }

    @Test
    void shouldWorkByIpv4WhereThereIsNoIpv6() throws Exception {
        process = client(AF_INET6);

        while (!answers() && !process.waitFor(50, TimeUnit.MILLISECONDS)) {
            // It is starting.
        }

        assertThat(process.isAlive()).as(output()).isTrue();
        process.destroy();
        process.waitFor();
        assertThat(output()).doesNotContain("Exception", "ERROR");
    }

    @Test
    void shouldSayWhatToAllowWhereThereIsNoNetlink() throws Exception {
        process = client(AF_NETLINK);

        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(output()).contains("allow the address family AF_NETLINK").doesNotContain("Exception");
    }

    private boolean answers() throws Exception {
        return network.run(() -> {
            try {
                HttpURLConnection connection =
                        (HttpURLConnection) URI.create(STATUS).toURL().openConnection();
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    private Process client(int forbidden) throws Exception {
        Path token = Files.createFile(
                directory.resolve("token"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(token, "a token");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> program =
                List.of(java, "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(Confinement.class.getName(), Integer.toString(forbidden)));
        command.addAll(program);
        command.addAll(List.of(Main.class.getName(), "client", "start", "--token-file", token.toString()));
        return network.run(() -> {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("SLUICE_API_URL", "ws://127.0.0.1:9");
            builder.environment()
                    .put("SLUICE_STATE_DIR", directory.resolve("state").toString());
            return builder.redirectOutput(directory.resolve("output").toFile()).start();
        });
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("output"), StandardCharsets.UTF_8);
    }
}
