package dev.sluice.lab;

import dev.sluice.lab.scenario.ScenarioRun;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that are carried out inside the lab, by its holder. */
@Command(name = "inside")
final class InsideCommand {
    private static final int LINES_OF_LOG = 15;
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private final Supplier<Lab> lab;
    private final PrintWriter out;

    private InsideCommand(Supplier<Lab> lab, PrintWriter out) {
        this.lab = lab;
        this.out = out;
    }

    /** The commands as {@code lab} carries them out, printing to {@code out}. */
    static CommandLine in(Lab lab, PrintWriter out) {
        return new CommandLine(new InsideCommand(() -> lab, out))
                .setOut(out)
                .setErr(out)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (failure instanceof LabException) {
                        out.println("sluice: " + failure.getMessage());
                    } else {
                        failure.printStackTrace(out);
                    }
                    return FAILED;
                });
    }

    /** The commands as they are parsed and explained where there is no lab. */
    static InsideCommand outside() {
        return new InsideCommand(
                () -> {
                    throw new LabException("this runs inside the lab only");
                },
                new PrintWriter(System.out, true));
    }

    @Command(name = "status", description = "Says what runs on which host.", mixinStandardHelpOptions = true)
    int status(@Option(names = "--json", description = "print JSON") boolean json) {
        LabStatus status = LabStatus.of(lab.get());
        out.println(json ? status.json() : status.text());
        return 0;
    }

    @Command(name = "start-parts", hidden = true)
    int startParts() throws InterruptedException {
        lab.get().startParts();
        return 0;
    }

    @Command(
            name = "wire",
            description =
                    "Replaces the cable of a link by the lab's own wire, which delays, loses and reorders frames in"
                            + " each direction; 'off' puts the cable back. A link bears the name of the host or router at its"
                            + " lower end.",
            mixinStandardHelpOptions = true)
    int wire(
            @Parameters(paramLabel = "LINK", description = "client-router, gateway-router, client, …") String link,
            @Parameters(paramLabel = "off", arity = "0..1", description = "put the cable back") @Nullable String off,
            @Mixin ImpairmentOptions options) {
        if (off != null && !off.equals("off")) {
            out.println("sluice: " + off + " is neither an option nor 'off'");
            return WRONG_USAGE;
        }
        if (off == null) {
            Impairment impairment =
                    options.impairment(() -> RandomGenerator.getDefault().nextInt(1, 1_000_000));
            lab.get().network().impair(link, impairment);
            out.println(link + ": " + String.join(" ", ImpairmentOptions.format(impairment)));
        } else {
            lab.get().network().repair(link);
            out.println(link + ": off");
        }
        return 0;
    }

    @Command(
            name = "scenario",
            description = "Runs scenarios, a line each: PASS or FAIL, the name, its figure and its bound. Starts and"
                    + " stops the lab if it is down.",
            mixinStandardHelpOptions = true)
    int scenario(
            @Option(names = "--strict", description = "fail at the bound of a time, not at three times the bound")
                    boolean strict,
            @Parameters(paramLabel = "NAME", arity = "1..*", description = "'list', 'all' or names of scenarios")
                    List<String> names)
            throws Exception {
        return new ScenarioRun(lab, out, strict).run(names);
    }

    @Command(name = "story", hidden = true)
    int story() throws Exception {
        try {
            return new Story(lab.get(), out).tell();
        } catch (LabException e) {
            lab.get().recentLogs(LINES_OF_LOG).forEach(out::println);
            throw e;
        }
    }
}
