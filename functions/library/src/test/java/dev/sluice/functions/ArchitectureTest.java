package dev.sluice.functions;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the capabilities apart. */
class ArchitectureTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/sluice/functions");

    /** Who writes which tables. Reading across is what a decision and a snapshot are; writing across is not. */
    private static final Map<String, List<String>> WRITERS = Map.ofEntries(
            Map.entry("account", List.of("account", "seed", "billing")),
            Map.entry("actor", List.of("actor")),
            Map.entry("actor_group", List.of("actor", "account")),
            Map.entry("membership", List.of("actor")),
            Map.entry("site", List.of("site", "account")),
            Map.entry("token", List.of("auth", "revocation", "directory", "identity")),
            Map.entry("device_authorization", List.of("auth")),
            Map.entry("identity_provider", List.of("identity", "account")),
            Map.entry("identity", List.of("identity")),
            Map.entry("token_key", List.of("auth")),
            Map.entry("client", List.of("device")),
            Map.entry("gateway", List.of("device")),
            Map.entry("tunnel_address", List.of("device")),
            Map.entry("resource", List.of("resource")),
            Map.entry("resource_site", List.of("resource")),
            Map.entry("policy", List.of("policy")),
            Map.entry("flow", List.of("flow", "revocation")),
            Map.entry("audit_entry", List.of("flow", "stream")),
            Map.entry("outbox", List.of("flow", "stream")),
            Map.entry("candidate", List.of("stream")),
            Map.entry("channel", List.of("stream")),
            Map.entry("instance", List.of("stream")),
            Map.entry("stream_hold", List.of("stream")),
            Map.entry("idempotency_key", List.of("api")),
            Map.entry("subscription", List.of("billing")),
            Map.entry("stripe_event", List.of("billing")),
            Map.entry("directory", List.of("directory")),
            Map.entry("directory_user", List.of("directory")),
            Map.entry("directory_group", List.of("directory")),
            Map.entry("directory_run", List.of("directory")),
            Map.entry("directory_held", List.of("directory")),
            Map.entry("workos_event", List.of("directory")),
            Map.entry("outbound_mail", List.of("mail")),
            Map.entry("lease", List.of("job")));

    private static final Pattern WRITE =
            Pattern.compile("\\b(?:INSERT INTO|DELETE FROM|UPDATE)\\s+([a-z_]+)\\b(?!\\s*=)", Pattern.MULTILINE);

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.sluice.functions");

    @Test
    void shouldWriteEachTableInItsCapabilityOnly() throws IOException {
        try (var files = Files.walk(SOURCES)) {
            for (var file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                var capability = SOURCES.relativize(file).getName(0).toString();
                var writes = WRITE.matcher(Files.readString(file));
                while (writes.find()) {
                    var table = writes.group(1);
                    if (WRITERS.containsKey(table)) {
                        assertThat(WRITERS.get(table))
                                .as("%s writes %s", file, table)
                                .contains(capability);
                    }
                }
            }
        }
    }

    @Test
    void shouldHaveNoCyclesBetweenCapabilities() {
        slices().matching("dev.sluice.functions.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void shouldKeepTheEvaluationPure() {
        noClasses()
                .that()
                .haveFullyQualifiedName("dev.sluice.functions.policy.ConditionEvaluator")
                .or()
                .haveFullyQualifiedName("dev.sluice.functions.policy.PolicyChoice")
                .or()
                .haveFullyQualifiedName("dev.sluice.functions.policy.TimeRanges")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "jakarta..", "io.quarkus..")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .check(CLASSES);
    }

    @Test
    void shouldSpeakToTheDatabaseThroughTransactionsOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.sluice.functions.sql..", "dev.sluice.functions.database..")
                .and()
                .haveSimpleNameNotStartingWith("WakeCalls")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..")
                .check(CLASSES);
    }
}
