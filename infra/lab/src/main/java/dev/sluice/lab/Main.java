package dev.sluice.lab;

import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** The command line of the lab and of the demo. */
@Command(
        name = "./sluice",
        mixinStandardHelpOptions = true,
        subcommands = {DemoCommand.class, HolderCommand.class, ResourceServer.class, WireProcess.class})
public final class Main {
    private static final int FAILED = 1;

    private Main() {}

    /** Runs one command and exits with its code: 0 done, 1 refused or failed, 2 wrong usage. */
    public static void main(String[] arguments) {
        CommandLine lab = new CommandLine(new LabCommand());
        // What runs inside the lab is declared once: here it is parsed and explained, there it is carried out.
        new CommandLine(InsideCommand.outside()).getSubcommands().forEach(lab::addSubcommand);
        for (String passing : List.of("exec", "portal")) {
            CommandLine command = lab.getSubcommands().get(passing);
            if (command != null) {
                // What follows belongs to another program.
                command.setStopAtPositional(true).setUnmatchedOptionsArePositionalParams(true);
            }
        }
        CommandLine root = new CommandLine(new Main());
        root.addSubcommand("lab", lab);
        root.setExecutionStrategy(Main::execute);
        root.setExecutionExceptionHandler((failure, command, parsed) -> fail(failure));
        root.setPosixClusteredShortOptionsAllowed(false);
        System.exit(root.execute(arguments));
    }

    private static int execute(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        Integer help = CommandLine.executeHelpRequest(parsed);
        if (help != null) {
            return help;
        }
        boolean inside = last.commandSpec().userObject() instanceof Method method
                && method.getDeclaringClass() == InsideCommand.class;
        if (!inside) {
            return new CommandLine.RunLast().execute(parsed);
        }
        try {
            List<String> command = new ArrayList<>(parsed.originalArgs());
            command.removeFirst();
            return LabCommand.inside(command, new PrintWriter(System.out, true));
        } catch (LabException e) {
            return fail(e);
        }
    }

    private static int fail(Exception failure) {
        if (failure instanceof LabException) {
            System.err.println("sluice: " + failure.getMessage());
        } else {
            failure.printStackTrace();
        }
        return FAILED;
    }
}
