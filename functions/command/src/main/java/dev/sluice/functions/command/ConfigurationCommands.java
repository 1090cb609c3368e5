package dev.sluice.functions.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An account's configuration as a file. */
final class ConfigurationCommands {
    private static final String PATH = "/configuration";

    private static final ObjectMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .build();

    private ConfigurationCommands() {}

    @Command(
            name = "export",
            description = {
                "Write an account's sites, groups, resources, policies and policy tests as YAML, for 'apply'.",
                "Everything is called by its name; who people are, and which devices there are, is not part of it."
            })
    static final class Export implements Callable<Integer> {
        private final Session session;

        @Mixin
        Output output;

        @Mixin
        Where where;

        @Parameters(arity = "0..1", paramLabel = "FILE", description = "Where to; without it, it is printed.")
        @Nullable Path file;

        Export(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            JsonNode configuration =
                    session.scope().account(where.account).api().get(PATH);
            if (output.json) {
                return session.print(output, configuration);
            }
            try {
                String text = YAML.writeValueAsString(configuration);
                if (file == null) {
                    session.text(text);
                } else {
                    Files.writeString(file, text);
                }
                return 0;
            } catch (IOException refused) {
                throw new CommandException(file + " cannot be written: " + refused.getMessage());
            }
        }
    }

    @Command(
            name = "apply",
            description = {
                "Make an account's configuration as a file says, in one transaction, and show what that took.",
                "A section that is absent stays as it is; of one that is there, all else is removed. Done twice, the second time"
                        + " changes nothing."
            })
    static final class Apply implements Callable<Integer> {
        private final Session session;

        @Mixin
        Output output;

        @Mixin
        Where where;

        @Parameters(paramLabel = "FILE", description = "As 'export' writes it.")
        Path file;

        @Option(names = "--dry-run", description = "Show what it takes, and do nothing.")
        boolean dryRun;

        Apply(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            ObjectNode body = Api.JSON.createObjectNode();
            body.set("configuration", read(file));
            Api api = session.scope().account(where.account).api();
            JsonNode plan = api.put(PATH + (dryRun ? "?dry_run=true" : ""), body);
            if (output.json) {
                return session.print(output, plan);
            }
            for (JsonNode step : plan.path("steps")) {
                session.line(sign(step.path("action").asText()) + " "
                        + step.path("kind").asText().replace('_', ' ') + " "
                        + Printable.text(step.path("name").asText()));
                step.path("changes").forEach(change -> session.line("    " + Printable.text(change.asText())));
            }
            for (JsonNode ending : plan.path("endings")) {
                session.line(
                        "! access ends: " + Printable.text(ending.path("actor").asText()) + ", "
                                + Printable.text(ending.path("client").asText()) + ", "
                                + Printable.text(ending.path("resource").asText()));
            }
            int more = plan.path("ending_count").asInt() - plan.path("endings").size();
            if (more > 0) {
                session.line("! and of " + more + " others");
            }
            int steps = plan.path("steps").size();
            session.line(
                    steps == 0
                            ? "Nothing to change."
                            : steps + (steps == 1 ? " change" : " changes") + (dryRun ? ", not made." : " made."));
            return 0;
        }

        private static String sign(String action) {
            return switch (action) {
                case "create" -> "+";
                case "remove" -> "-";
                default -> "~";
            };
        }

        private static JsonNode read(Path file) {
            try {
                JsonNode document = YAML.readTree(Files.readString(file));
                if (document == null || !document.isObject()) {
                    throw CommandException.argument(
                            "file", file + " holds no sections: 'export' shows what belongs there.");
                }
                return document;
            } catch (NoSuchFileException missing) {
                throw CommandException.argument("file", "There is no file " + file + ".");
            } catch (JsonProcessingException unreadable) {
                throw CommandException.argument(
                        "file",
                        file + " is no YAML: " + unreadable.getOriginalMessage() + " at line "
                                + unreadable.getLocation().getLineNr() + ".");
            } catch (IOException unreadable) {
                throw CommandException.argument("file", file + " cannot be read: " + unreadable.getMessage() + ".");
            }
        }
    }
}
