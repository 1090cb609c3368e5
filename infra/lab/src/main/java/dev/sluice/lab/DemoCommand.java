package dev.sluice.lab;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** The story of the first packet, told on a lab of its own. */
@Command(
        name = "demo",
        description =
                "Shows an application reach a protected server through a tunnel that did not exist, access being taken"
                        + " away, the error coming back, and the client asking again. Leaves nothing behind.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        HeldLab.find().ifPresent(lab -> {
            throw new LabException("the demo needs the lab for itself, and './sluice " + lab.command()
                    + "' holds it since " + lab.since() + "; './sluice lab down' ends that");
        });
        return LabCommand.inside(List.of("story"), new PrintWriter(System.out, true));
    }
}
