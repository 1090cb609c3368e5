package dev.sluice.datapath.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In processes of their own: a library is loaded once. */
class NativeLibraryTest {
    @TempDir
    Path directory;

    @Test
    void shouldNotNeedTheSystemsDirectoryForTemporaryFiles() throws Exception {
        assertThat(load(directory.resolve("native"), "-Djava.io.tmpdir=/nowhere"))
                .isEqualTo("loaded");
    }

    @Test
    void shouldSayWhatToSetWhereNothingCanBeLoadedFrom() throws Exception {
        assertThat(load(Path.of("/proc/nowhere"), "-Djava.io.tmpdir=/proc"))
                .contains("cannot be loaded from /proc", "SLUICE_JAVA_OPTIONS=-Dio.netty.native.workdir=DIR");
    }

    private static String load(Path from, String option) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                option,
                "-cp",
                System.getProperty("java.class.path"),
                Loader.class.getName(),
                from.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    /** Says whether it could. */
    static final class Loader {
        private Loader() {}

        public static void main(String[] arguments) {
            try {
                NativeLibrary.load(Path.of(arguments[0]));
                System.out.println("loaded");
            } catch (NativeLibraryException refused) {
                System.out.println(refused.getMessage());
            }
        }
    }
}
