package dev.sluice.datapath.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void shouldNameTheEnvironmentOfEveryOption() {
        CommandLine root = Main.commandLine(Map.of());
        for (CommandLine start : List.of(
                find(root, "client", "start"),
                find(root, "client", "sign-in"),
                find(root, "client", "sign-out"),
                find(root, "gateway", "start"),
                find(root, "wireguard"))) {
            for (OptionSpec option : start.getCommandSpec().options()) {
                if (option.usageHelp()
                        || option.versionHelp()
                        || option.longestName().equals("--feature")) {
                    continue;
                }
                String name = EnvironmentDefaults.name(option.longestName());
                assertThat(String.join(" ", option.description()))
                        .as(start.getCommandName() + " " + option.longestName())
                        .contains(name, EnvironmentDefaults.alias(name));
            }
        }
    }

    @Test
    void shouldListEveryFeatureFlagInTheHelp() {
        assertThat(run(Map.of(), "client", "start", "--help")).isZero();

        for (FeatureFlag flag : FeatureFlag.values()) {
            assertThat(out.toString())
                    .contains(flag.configurationName(), flag.environmentName(), flag.alias(), "default: true");
        }
    }

    @Test
    void shouldCheckAHostWithoutARunningGateway() {
        assertThat(run(Map.of(), "gateway", "check", "--status-address", "127.0.0.1:1"))
                .isEqualTo(1);

        assertThat(out.toString()).contains("WRONG gateway: nothing answers on 127.0.0.1:1", " forwarding: ");
    }

    @Test
    void shouldNotTakeATokenAsAnArgument() {
        assertThat(run(Map.of(), "client", "start", "--token", "secret")).isEqualTo(2);
    }

    @Test
    void shouldSayWhereATokenGoesWhenThereIsNone() {
        assertThat(run(Map.of(), "gateway", "start")).isEqualTo(2);

        assertThat(err.toString()).contains("--token-file", "SLUICE_TOKEN");
    }

    @Test
    void shouldEndWithOneWhenRefusedAndTwoWhenMisused() {
        assertThat(run(Map.of(), "client", "status", "--status-address", "127.0.0.1:1"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("nothing answers on 127.0.0.1:1");
        assertThat(run(Map.of(), "client")).isEqualTo(2);
        assertThat(run(Map.of(), "fly")).isEqualTo(2);
        assertThat(run(Map.of(), "gateway", "start", "--mtu", "large")).isEqualTo(2);
    }

    @Test
    void shouldEndWithOneWhenTheConfigurationFileIsMissing() {
        assertThat(run(Map.of(), "wireguard", "--config", "/nowhere/wg.conf")).isEqualTo(1);

        assertThat(err.toString()).contains("/nowhere/wg.conf does not exist");
    }

    private int run(Map<String, String> environment, String... arguments) {
        return Main.commandLine(environment)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private static CommandLine find(CommandLine from, String... names) {
        CommandLine found = from;
        for (String name : names) {
            found = found.getSubcommands().get(name);
        }
        return found;
    }
}
