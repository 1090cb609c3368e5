package dev.sluice.functions.command;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./sluice portal …}, except {@code start} and {@code migrate}, which are the portal itself. */
@Command(
        name = "sluice portal",
        description = "Administers a portal: the one that runs on this host, or with a token of an API client any.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        footerHeading = "%nEnvironment:%n",
        footer = {
            "  SLUICE_DATA_DIR     where the portal keeps its admin secret",
            "  SLUICE_ADMIN_PORT   the admin listener's port on 127.0.0.1 (13002)",
            "  SLUICE_ACCOUNT      the account that is meant where --account is not given",
            "  SLUICE_URL          the portal to ask instead, as https://portal.example.com",
            "  SLUICE_API_TOKEN    the token of an API client, of that portal",
            "",
            "'portal start' runs a portal, and 'portal migrate' brings its database up to date: see their --help.",
            "Wherever one thing is meant, its name, address or id is accepted.",
            "Exit codes: 0 done, 1 refused or failed, 2 usage."
        })
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(
                run(System.getenv(), new PrintWriter(System.out, true), new PrintWriter(System.err, true), arguments));
    }

    /** Runs one command and returns its exit code: 0 done, 1 refused or failed, 2 usage. */
    public static int run(Map<String, String> environment, PrintWriter out, PrintWriter err, String... arguments) {
        Session session = new Session(environment, out, err);
        CommandLine line = new CommandLine(new Main());
        commands(session, arguments).forEach(line::addSubcommand);
        line.setOut(out);
        line.setErr(err);
        if (arguments.length == 0) {
            line.usage(err);
            return CommandLine.ExitCode.USAGE;
        }
        line.setExecutionExceptionHandler((failure, command, result) -> {
            if (failure instanceof CommandException refusal) {
                err.println("sluice portal: " + Printable.lines(message(refusal, command)));
                return refusal.fields().isEmpty() ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.USAGE;
            }
            throw failure;
        });
        return line.execute(arguments);
    }

    /** The one that is wanted, or all of them: a model of all takes longer than most commands do. */
    private static List<?> commands(Session session, String[] arguments) {
        List<?> all = List.of(
                new PortalCommands.Seed(session),
                new PortalCommands.SignInLink(session),
                new PortalCommands.Status(session),
                new PortalCommands.Mails(session),
                new PortalCommands.Verify(session),
                new PortalCommands.Restored(session),
                new AccountCommands(session),
                new BillingCommand(session),
                new SiteCommands(session),
                new ActorCommands(session),
                new GroupCommands(session),
                new DirectoryCommands(session),
                new TokenCommands(session),
                new ResourceCommands(session),
                new PolicyCommands(session),
                new PolicyTestCommands(session),
                new AccessCommands(session),
                new ExplainCommand(session),
                new FlowCommands(session),
                new FlowCommands.RejectAccess(session),
                new StreamCommands(session),
                new DeviceCommands(session),
                new AuditCommands(session),
                new ConfigurationCommands.Export(session),
                new ConfigurationCommands.Apply(session));
        List<?> wanted = all.stream()
                .filter(command -> arguments.length > 0
                        && command.getClass()
                                .getAnnotation(Command.class)
                                .name()
                                .equals(arguments[0]))
                .toList();
        return wanted.isEmpty() ? all : wanted;
    }

    /** The portal names its own fields; people know the options. */
    private static String message(CommandException refusal, CommandLine command) {
        return refusal.fields().isEmpty()
                ? refusal.getMessage()
                : refusal.fields().entrySet().stream()
                        .map(field -> message(field.getKey(), field.getValue(), command))
                        .collect(Collectors.joining("\n"));
    }

    /** What is wrong is said in a sentence, or as what the field is. */
    private static String message(String field, String wrong, CommandLine command) {
        String name = typed(field, command);
        return wrong.endsWith(".") || wrong.contains("\n")
                ? wrong.replace("'" + field + "'", name)
                : name + " " + wrong + ".";
    }

    private static String typed(String field, CommandLine command) {
        String option = "--" + field.substring(field.lastIndexOf('.') + 1).replace('_', '-');
        for (String name : List.of(option, option.replaceFirst("s$", ""))) {
            if (command.getCommandSpec().findOption(name) != null) {
                return name;
            }
        }
        return field.toUpperCase(Locale.ROOT);
    }
}
