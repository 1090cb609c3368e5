package dev.sluice.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The lab itself, inside its namespaces: lays out the network, then carries out what comes over the control socket. Without
 * {@code --stay} it lives as long as its standard input, so that it dies with whoever started it, however that ends.
 */
@Command(name = "holder", hidden = true)
final class HolderCommand implements Callable<Integer> {
    /** What it prints once it takes commands. */
    static final String READY = "ready";

    @Option(names = "--stay", description = "outlive the process that started this")
    private boolean stay;

    @Override
    public Integer call() throws Exception {
        if (!stay) {
            Thread.ofPlatform().name("lifeline").daemon().start(HolderCommand::watchLifeline);
        }
        Lab lab = Lab.create();
        try (ControlServer server = ControlServer.listen(
                Place.CONTROL,
                (arguments, out) -> InsideCommand.in(lab, out).execute(arguments.toArray(String[]::new)))) {
            System.out.println(READY);
            server.serve();
        }
        return 0;
    }

    private static void watchLifeline() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            System.err.println("lab: " + e.getMessage());
        }
        Runtime.getRuntime().halt(0);
    }
}
