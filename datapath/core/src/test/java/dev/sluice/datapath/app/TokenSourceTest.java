package dev.sluice.datapath.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenSourceTest {
    private static final System.Logger LOG = System.getLogger("test");

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("token");
        write("first\n", "rw-------");
    }

    @Test
    void shouldReadAFileThatItsOwnerAloneMayRead() {
        assertThat(TokenSource.open(file, Map.of()).token()).isEqualTo("first");
    }

    @Test
    void shouldRefuseAFileThatOthersMayRead() throws IOException {
        write("first", "rw-r-----");

        assertThatThrownBy(() -> TokenSource.open(file, Map.of())).hasMessageContaining("chmod 600 " + file);
    }

    /** The file itself is a link into a directory that is replaced as a whole. */
    @Test
    void shouldReadASecretAsContainerPlatformsMountIt() throws IOException {
        write("first", "r--r-----");
        Path link = Files.createSymbolicLink(directory.resolve("linked"), file);

        assertThat(TokenSource.open(link, Map.of()).token()).isEqualTo("first");

        write("first", "r--r--r--");
        assertThatThrownBy(() -> TokenSource.open(link, Map.of())).hasMessageContaining("chmod 600");
    }

    @Test
    void shouldTakeTheTokenOutOfWhatEditorsAndScriptsLeaveAroundIt() throws IOException {
        for (String text : new String[] {"\ufefffirst\r\n", "\"first\"\n", "'first'", "first\u0000", " first \n\n"}) {
            write(text, "rw-------");
            assertThat(TokenSource.open(file, Map.of()).token()).as(text).isEqualTo("first");
        }
        assertThat(TokenSource.open(null, Map.of("SLUICE_TOKEN", "\"first\"\n")).token())
                .isEqualTo("first");
    }

    @Test
    void shouldPreferTheFileToTheEnvironment() {
        assertThat(TokenSource.open(file, Map.of("SLUICE_TOKEN", "other")).token())
                .isEqualTo("first");
        assertThat(TokenSource.open(null, Map.of("SLUICE_TOKEN", "ours", "FIREZONE_TOKEN", "theirs"))
                        .token())
                .isEqualTo("ours");
        assertThat(TokenSource.open(null, Map.of("FIREZONE_TOKEN", "theirs")).token())
                .isEqualTo("theirs");
    }

    @Test
    void shouldRefuseToGoWithoutAToken() throws IOException {
        assertThatThrownBy(() -> TokenSource.open(null, Map.of())).hasMessageContaining("no token");
        write(" \n", "rw-------");
        assertThatThrownBy(() -> TokenSource.open(file, Map.of())).hasMessageContaining("is empty");
    }

    @Test
    void shouldNoticeAnotherTokenOnce() throws IOException {
        TokenSource source = TokenSource.open(file, Map.of());
        assertThat(source.reread(LOG)).isEmpty();

        write("second", "rw-------");

        assertThat(source.reread(LOG)).hasValue("second");
        assertThat(source.reread(LOG)).isEmpty();
    }

    @Test
    void shouldNoticeThatTheSameTokenWasWrittenAgain() throws IOException {
        TokenSource source = TokenSource.open(file, Map.of());

        Files.setLastModifiedTime(file, FileTime.fromMillis(1));

        assertThat(source.reread(LOG)).hasValue("first");
        assertThat(source.reread(LOG)).isEmpty();
    }

    @Test
    void shouldKeepTheTokenWhileTheFileIsUnusable() throws IOException {
        TokenSource source = TokenSource.open(file, Map.of());

        Files.delete(file);
        assertThat(source.reread(LOG)).isEmpty();
        write("third", "rw-rw-rw-");
        assertThat(source.reread(LOG)).isEmpty();

        assertThat(source.token()).isEqualTo("first");
    }

    @Test
    void shouldTakeWhatSignInKeepsWhereNothingElseIsNamed() throws IOException {
        TokenSource source = TokenSource.open(null, Map.of(), directory);
        assertThat(source.token()).isEmpty();
        assertThat(source.remedy()).contains("client sign-in");
        assertThat(source.reread(LOG)).isEmpty();

        SignInFile.write(SignInFile.in(directory), "signed-in");
        assertThat(Files.getPosixFilePermissions(SignInFile.in(directory)))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(source.reread(LOG)).hasValue("signed-in");
        assertThat(TokenSource.open(null, Map.of(), directory).token()).isEqualTo("signed-in");
        assertThat(TokenSource.open(file, Map.of(), directory).token()).isEqualTo("first");
        assertThat(TokenSource.open(null, Map.of("SLUICE_TOKEN", "other"), directory)
                        .token())
                .isEqualTo("other");
    }

    @Test
    void shouldBeSignedOutOnceWhatSignInKeptIsGone() {
        SignInFile.write(SignInFile.in(directory), "signed-in");
        TokenSource source = TokenSource.open(null, Map.of(), directory);

        assertThat(SignInFile.delete(SignInFile.in(directory))).isTrue();

        assertThat(source.reread(LOG)).hasValue("");
        assertThat(source.reread(LOG)).isEmpty();
        assertThat(SignInFile.delete(SignInFile.in(directory))).isFalse();
    }

    private void write(String text, String mode) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
}
