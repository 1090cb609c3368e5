package dev.sluice.lab;

import dev.sluice.lab.scenario.ScenarioRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about the lab as a whole. */
@Command(
        name = "lab",
        description = "An internet in one machine: portal, gateway, clients, a resource and the routers between them.",
        mixinStandardHelpOptions = true)
final class LabCommand {
    private static final String DOWN = "the lab is down; './sluice lab up' starts it";

    @Command(
            description = "Starts the lab, or what of it does not run, and returns when an application on the client"
                    + " could use a resource.",
            mixinStandardHelpOptions = true)
    int up(
            @Option(names = "--bare", description = "hosts, routers and the resource's server alone: nothing of Sluice")
                    boolean bare) {
        long begin = System.nanoTime();
        HeldLab lab = HeldLab.find().orElseGet(() -> Holder.startToStay("lab up"));
        int code = bare ? 0 : lab.run(List.of("start-parts"), new PrintWriter(System.out, true));
        if (code == 0) {
            System.out.printf(
                    Locale.ROOT,
                    "the lab is up (process %d, since %s, started by './sluice %s'; %.1f s)%n",
                    lab.pid(),
                    lab.since(),
                    lab.command(),
                    (System.nanoTime() - begin) / 1e9);
        }
        return code;
    }

    @Command(description = "Ends the lab and everything in it.", mixinStandardHelpOptions = true)
    int down() {
        HeldLab.find().ifPresentOrElse(HeldLab::end, () -> System.out.println("the lab is down already"));
        return 0;
    }

    @Command(
            name = "exec",
            description =
                    "Runs a command on a host, with the environment that the host's parts have, and exits with its"
                            + " code.",
            mixinStandardHelpOptions = true)
    int exec(
            @Parameters(paramLabel = "HOST", description = "portal, client, client-2, gateway, resource, a router")
                    String host,
            @Parameters(paramLabel = "CMD", arity = "1..*", description = "the command and its arguments")
                    List<String> command)
            throws IOException, InterruptedException {
        HeldLab lab = HeldLab.find().orElseThrow(() -> new LabException(DOWN));
        List<String> inside = new ArrayList<>(List.of("env"));
        HostEnvironment.of(Topology.host(host)).forEach((name, value) -> inside.add(name + "=" + value));
        inside.addAll(command.getFirst().equals("--") ? command.subList(1, command.size()) : command);
        return new ProcessBuilder(lab.enter(Program.on(host, inside)))
                .inheritIO()
                .start()
                .waitFor();
    }

    @Command(
            name = "logs",
            description = "Prints what the parts on a host have written.",
            mixinStandardHelpOptions = true)
    int logs(@Parameters(paramLabel = "HOST") String host) throws IOException {
        HeldLab lab = HeldLab.find().orElseThrow(() -> new LabException(DOWN));
        Path log = Path.of("/proc", Long.toString(lab.pid()), "root")
                .resolve(HostLog.path(Topology.host(host)).toString().substring(1));
        if (Files.exists(log)) {
            Files.copy(log, System.out);
        }
        return 0;
    }

    @Command(
            name = "portal",
            description =
                    "The portal's administration, on the lab's portal: the same as ./sluice portal ARGS on its host.",
            mixinStandardHelpOptions = true)
    int portal(@Parameters(paramLabel = "ARGS", arity = "0..*") List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(PartCommands.portalAdministration());
        command.addAll(arguments);
        return exec(Topology.PORTAL, command);
    }

    /** Carries out a command inside the lab; one that needs a lab of its own when none runs starts it and ends it. */
    static int inside(List<String> command, PrintWriter out) {
        if (command.getFirst().equals("scenario")) {
            List<String> names = command.stream()
                    .skip(1)
                    .filter(word -> !word.startsWith("-"))
                    .toList();
            if (names.equals(List.of("list"))) {
                ScenarioRun.list(out);
                return 0;
            }
            Requirements.ensure(ScenarioRun.requirements(names));
        }
        boolean startsOne = List.of("scenario", "story").contains(command.getFirst());
        if (HeldLab.find().isPresent() || !startsOne) {
            return HeldLab.find().orElseThrow(() -> new LabException(DOWN)).run(command, out);
        }
        try (Holder holder = Holder.start(describe(command))) {
            return holder.lab().run(command, out);
        }
    }

    private static String describe(List<String> command) {
        Map<String, String> names = Map.of("scenario", "lab scenario", "story", "demo");
        return names.getOrDefault(command.getFirst(), command.getFirst());
    }
}
