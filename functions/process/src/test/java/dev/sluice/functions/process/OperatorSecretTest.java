package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorSecretTest {
    @TempDir
    Path directory;

    @Test
    void shouldMakeAPrivateFileAndKeepIt() throws IOException {
        Path file = directory.resolve("new/admin-secret");

        OperatorSecret.load(file);
        String text = Files.readString(file).strip();

        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(text).hasSizeGreaterThanOrEqualTo(43);
        assertThat(OperatorSecret.load(file).matches("Bearer " + text)).isTrue();
    }

    @Test
    void shouldAcceptNothingButTheSecret() throws IOException {
        Path file = directory.resolve("admin-secret");
        OperatorSecret secret = OperatorSecret.load(file);
        String text = Files.readString(file).strip();

        assertThat(secret.matches(text)).isFalse();
        assertThat(secret.matches("Bearer ")).isFalse();
        assertThat(secret.matches("Bearer " + text + " ")).isFalse();
        assertThat(secret.matches("Basic " + text)).isFalse();
        assertThat(secret.toString()).doesNotContain(text);
    }

    @Test
    void shouldRefuseAFileThatOthersCanRead() throws IOException {
        Path file = directory.resolve("admin-secret");
        OperatorSecret.load(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> OperatorSecret.load(file))
                .hasMessageContaining("Others can read the admin secret")
                .hasMessageContaining("Delete it");
    }
}
