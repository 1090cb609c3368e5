package dev.sluice.lab.scenario;

import dev.sluice.lab.Device;
import dev.sluice.lab.Lab;
import dev.sluice.lab.LabException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Runs scenarios and prints a line for each. */
public final class ScenarioRun {
    private static final int LINES_OF_LOG = 8;

    private final Supplier<Lab> lab;
    private final PrintWriter out;
    private final boolean strict;

    /** A run that prints to {@code out}; {@code strict} holds times to their bounds and not to three times those. */
    public ScenarioRun(Supplier<Lab> lab, PrintWriter out, boolean strict) {
        this.lab = lab;
        this.out = out;
        this.strict = strict;
    }

    /** Runs the scenarios of these names, or {@code all}; returns the exit code. */
    public int run(List<String> names) {
        List<Scenario> chosen = choose(names);
        int passed = 0;
        for (Scenario scenario : chosen) {
            if (Thread.interrupted()) {
                return 1;
            }
            passed += pass(scenario) ? 1 : 0;
        }
        out.printf(Locale.ROOT, "scenarios: %d passed, %d failed%n", passed, chosen.size() - passed);
        return passed == chosen.size() ? 0 : 1;
    }

    /** What the scenarios of these names need beyond what every machine of the lab has. */
    public static List<Requirement> requirements(List<String> names) {
        return choose(names).stream()
                .flatMap(scenario -> scenario.requirements().stream())
                .toList();
    }

    private static List<Scenario> choose(List<String> names) {
        return names.equals(List.of("all"))
                ? Scenarios.all().stream().filter(Scenario::partOfAll).toList()
                : names.stream().map(Scenarios::named).toList();
    }

    /** Prints every scenario with what it shows. */
    public static void list(PrintWriter out) {
        for (Scenario scenario : Scenarios.all()) {
            out.printf(
                    Locale.ROOT,
                    "%-22s %s%s%n",
                    scenario.name(),
                    scenario.promise(),
                    scenario.partOfAll() ? "" : " (not part of 'all')");
        }
    }

    private boolean pass(Scenario scenario) {
        long begin = System.nanoTime();
        try {
            Figure figure = scenario.run(lab.get());
            for (Device device : lab.get().runningDevices()) {
                Counters.check(device);
            }
            boolean passes = figure.passes(strict);
            print(passes, scenario, figure.text() + " (bound " + figure.bound() + ")", begin);
            return passes;
        } catch (ScenarioFailure | LabException e) {
            print(false, scenario, String.valueOf(e.getMessage()), begin);
        } catch (Exception e) {
            print(false, scenario, e.toString(), begin);
            e.printStackTrace(out);
        }
        lab.get().recentLogs(LINES_OF_LOG).forEach(out::println);
        return false;
    }

    private void print(boolean passes, Scenario scenario, String text, long begin) {
        out.println(String.format(
                Locale.ROOT,
                "%s %-21s %s [%.1f s]",
                passes ? "PASS" : "FAIL",
                scenario.name(),
                text,
                (System.nanoTime() - begin) / 1e9));
    }
}
