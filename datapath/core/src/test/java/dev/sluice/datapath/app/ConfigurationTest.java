package dev.sluice.datapath.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.datapath.crypto.AeadProvider;
import dev.sluice.datapath.wireguard.Timing;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

class ConfigurationTest {
    /** One property: how it is set, what it becomes, and what it is when nothing sets it. */
    private record Property(
            String component,
            List<String> options,
            Map<String, String> ours,
            Map<String, String> firezones,
            Function<Configuration, Object> read,
            Object expected,
            Object standard) {}

    private static final Map<String, String> LAB = Map.of("SLUICE_LAB", "true");

    private static final List<Property> PROPERTIES = List.of(
            property(
                    "apiUrl",
                    "api-url",
                    "wss://portal.example/base",
                    Configuration::apiUrl,
                    URI.create("wss://portal.example/base"),
                    URI.create("ws://127.0.0.1:13001/")),
            new Property(
                    "tokenFile",
                    List.of("--token-file", "/etc/token"),
                    Map.of("SLUICE_TOKEN_FILE", "/etc/token"),
                    Map.of("FIREZONE_TOKEN_PATH", "/etc/token"),
                    c -> String.valueOf(c.tokenFile()),
                    "/etc/token",
                    "null"),
            property(
                    "maxPartition",
                    "max-partition",
                    "90s",
                    Configuration::maxPartition,
                    Duration.ofSeconds(90),
                    Duration.ofMinutes(15)),
            property("id", "id", "an-id", c -> String.valueOf(c.id()), "an-id", "null"),
            property("name", "name", "a-name", Configuration::name, "a-name", hostName()),
            property(
                    "stateDirectory",
                    "state-dir",
                    "/srv/state",
                    Configuration::stateDirectory,
                    Path.of("/srv/state"),
                    StateDirectory.standard(Map.of())),
            property("caFile", "ca-file", "/etc/ca.pem", c -> String.valueOf(c.caFile()), "/etc/ca.pem", "null"),
            property("interfaceName", "interface", "tun7", c -> String.valueOf(c.interfaceName()), "tun7", "null"),
            property(
                    "excludedInterfaces",
                    "exclude-interface",
                    "docker0,br-*",
                    Configuration::excludedInterfaces,
                    List.of("docker0", "br-*"),
                    List.of()),
            property("mtu", "mtu", "1400", Configuration::mtu, 1400, 1280),
            property("port", "port", "4000", Configuration::port, 4000, 52625),
            property("offload", "offload", "off", Configuration::offload, false, true),
            property("aead", "aead", "sunjce", c -> name(c.aead()), "SunJCE", "the fastest"),
            property(
                    "statusAddress",
                    "status-address",
                    "127.0.0.1:9999",
                    Configuration::statusAddress,
                    new InetSocketAddress("127.0.0.1", 9999),
                    new InetSocketAddress("127.0.0.1", 13020)),
            property("onEvent", "on-event", "notify-send", c -> String.valueOf(c.onEvent()), "notify-send", "null"),
            property(
                    "logLevel",
                    "log-level",
                    "debug",
                    Configuration::logLevel,
                    System.Logger.Level.DEBUG,
                    System.Logger.Level.INFO),
            new Property(
                    "timing",
                    List.of("--lab", "--timing", "rekey-after=20s"),
                    Map.of("SLUICE_LAB", "true", "SLUICE_TIMING", "rekey-after=20s"),
                    Map.of("FIREZONE_LAB", "true", "FIREZONE_TIMING", "rekey-after=20s"),
                    Configuration::timing,
                    Timing.parse("rekey-after=20s"),
                    Timing.connection()),
            new Property(
                    "features",
                    List.of("--feature", "reauthorize-on-prohibited=false"),
                    Map.of("SLUICE_FEATURE_REAUTHORIZE_ON_PROHIBITED", "false"),
                    Map.of("FZFF_ICMP_ERROR_UNREACHABLE_PROHIBITED_CREATE_NEW_FLOW", "false"),
                    Configuration::features,
                    new FeatureFlags(Map.of(FeatureFlag.REAUTHORIZE_ON_PROHIBITED, false)),
                    new FeatureFlags(Map.of())));

    @TestFactory
    List<DynamicTest> shouldHaveThisDefault() {
        Configuration configuration = read(Role.CLIENT, Map.of());
        return PROPERTIES.stream()
                .map(property -> DynamicTest.dynamicTest(
                        property.component,
                        () -> assertThat(property.read.apply(configuration)).isEqualTo(property.standard)))
                .toList();
    }

    @TestFactory
    List<DynamicTest> shouldBeSetByItsOption() {
        return PROPERTIES.stream()
                .map(property -> DynamicTest.dynamicTest(
                        property.component,
                        () -> assertThat(property.read.apply(
                                        read(Role.CLIENT, Map.of(), property.options.toArray(String[]::new))))
                                .isEqualTo(property.expected)))
                .toList();
    }

    @TestFactory
    List<DynamicTest> shouldBeSetByTheEnvironment() {
        return PROPERTIES.stream()
                .map(property -> DynamicTest.dynamicTest(
                        property.component,
                        () -> assertThat(property.read.apply(read(Role.CLIENT, property.ours)))
                                .isEqualTo(property.expected)))
                .toList();
    }

    @TestFactory
    List<DynamicTest> shouldBeSetByFirezonesName() {
        return PROPERTIES.stream()
                .map(property -> DynamicTest.dynamicTest(
                        property.component,
                        () -> assertThat(property.read.apply(read(Role.CLIENT, property.firezones)))
                                .isEqualTo(property.expected)))
                .toList();
    }

    @Test
    void shouldBeCoveredHereWithEveryProperty() {
        Set<String> components = Arrays.stream(Configuration.class.getRecordComponents())
                .map(component -> component.getName())
                .collect(Collectors.toCollection(TreeSet::new));
        components.remove("role");

        assertThat(PROPERTIES.stream().map(Property::component)).containsExactlyInAnyOrderElementsOf(components);
    }

    @Test
    void shouldPreferTheOptionToOurNameAndOurNameToFirezones() {
        Map<String, String> both = Map.of("SLUICE_NAME", "ours", "FIREZONE_NAME", "theirs");

        assertThat(read(Role.CLIENT, both).name()).isEqualTo("ours");
        assertThat(read(Role.CLIENT, both, "--name", "option").name()).isEqualTo("option");
        assertThat(read(Role.CLIENT, Map.of("SLUICE_NAME", " ", "FIREZONE_NAME", "theirs"))
                        .name())
                .isEqualTo("theirs");
    }

    @Test
    void shouldServeAGatewaysStatusElsewhere() {
        assertThat(read(Role.GATEWAY, Map.of()).statusAddress()).isEqualTo(new InetSocketAddress("127.0.0.1", 13010));
    }

    @Test
    void shouldTakeHttpAsWebSocket() {
        assertThat(read(Role.CLIENT, Map.of("SLUICE_API_URL", "https://portal.example:8443/x"))
                        .apiUrl())
                .isEqualTo(URI.create("wss://portal.example:8443/x"));
        assertThat(read(Role.CLIENT, Map.of("SLUICE_API_URL", "http://portal.example"))
                        .apiUrl())
                .isEqualTo(URI.create("ws://portal.example"));
    }

    @Test
    void shouldRefuseWhatCannotBeMeantAndSayWhatCan() {
        refused("SLUICE_API_URL", "ftp://portal", "ws://host[:port]");
        refused("SLUICE_MTU", "100", "1280 to 1420");
        refused("SLUICE_PORT", "70000", "0 to 65535");
        refused("SLUICE_OFFLOAD", "some", "on or off");
        refused("SLUICE_AEAD", "rot13", "sunjce, bouncycastle");
        refused("SLUICE_STATUS_ADDRESS", "13020", "HOST:PORT");
        refused("SLUICE_MAX_PARTITION", "1s", "10s to 168h");
        refused("SLUICE_MAX_PARTITION", "for ever", "10s to 168h");
        refused("SLUICE_LOG_LEVEL", "loud", "error, warning, info, debug or trace");
        refused("SLUICE_FEATURE_REAUTHORIZE_ON_PROHIBITED", "maybe", "true or false");
    }

    @Test
    void shouldRefuseAnUnknownFeatureByNamingTheKnown() {
        assertThatThrownBy(() -> read(Role.CLIENT, Map.of(), "--feature", "fly=true"))
                .hasMessageContaining("unknown feature fly")
                .hasMessageContaining("reauthorize-on-prohibited");
    }

    @Test
    void shouldChangeTimersForTheLabAlone() {
        assertThatThrownBy(() -> read(Role.CLIENT, Map.of("SLUICE_TIMING", "rekey-after=20s")))
                .hasMessageContaining("add --lab");
        Map<String, String> unknown = new HashMap<>(LAB);
        unknown.put("SLUICE_TIMING", "tea-time=5s");
        assertThatThrownBy(() -> read(Role.CLIENT, unknown)).isInstanceOf(CommandFailedException.class);
    }

    private static void refused(String name, String value, String remedy) {
        assertThatThrownBy(() -> read(Role.CLIENT, Map.of(name, value)))
                .isInstanceOfSatisfying(
                        CommandFailedException.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(2))
                .hasMessageContaining(remedy);
    }

    private static Configuration read(Role role, Map<String, String> environment, String... arguments) {
        DeviceOptions options = new DeviceOptions();
        new CommandLine(options)
                .setDefaultValueProvider(new EnvironmentDefaults(environment))
                .parseArgs(arguments);
        return Configuration.read(role, options, environment);
    }

    private static Property property(
            String component,
            String option,
            String value,
            Function<Configuration, Object> read,
            Object expected,
            Object standard) {
        String name = EnvironmentDefaults.name("--" + option);
        return new Property(
                component,
                List.of("--" + option, value),
                Map.of(name, value),
                Map.of(EnvironmentDefaults.alias(name), value),
                read,
                expected,
                standard);
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException unnamed) {
            return "sluice";
        }
    }

    private static String name(@Nullable AeadProvider provider) {
        return provider == null ? "the fastest" : provider.name();
    }
}
