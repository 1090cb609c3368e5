package dev.sluice.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final Machine MACHINE = new Machine(
            Instant.parse("2026-11-22T20:00:00Z"), "./sluice bench x", "a processor", 2, "4 GiB", "Linux 6", "a JDK");

    private final Report report = new Report(
            "x",
            MACHINE,
            List.of("what", "ns"),
            List.of(Map.of("what", "seal", "ns", 1234.5), Map.of("what", "open", "ns", 7.25), Map.of("what", "none")),
            List.of("A note."));

    @Test
    void shouldRecordATableWithHowItWasMade(@TempDir Path directory) throws Exception {
        report.record(directory);

        assertThat(Files.readString(directory.resolve("2026-11-22-x.md")))
                .contains("- command: ./sluice bench x", "- processor: a processor", "- kernel: Linux 6", "A note.")
                .contains("| what | ns   |\n|------|------|\n| seal | 1235 |\n| open | 7.3  |\n| none |      |\n");
    }

    @Test
    void shouldRecordTheFiguresInFull(@TempDir Path directory) throws Exception {
        report.record(directory);

        JsonNode json = new ObjectMapper()
                .readTree(directory.resolve("2026-11-22-x.json").toFile());
        assertThat(json.path("jdk").asText()).isEqualTo("a JDK");
        assertThat(json.path("rows").get(0).path("ns").asDouble()).isEqualTo(1234.5);
    }
}
