package dev.sluice.lab;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * The lab's own wire, a process: moves frames between a device on each end of a link until its input ends. Each line of
 * input changes what it does to frames.
 */
@Command(name = "wire-process", hidden = true)
final class WireProcess implements Callable<Integer> {
    static final String READY = "ready";

    @Parameters(index = "0")
    private String link = "";

    @Mixin
    private ImpairmentOptions options = new ImpairmentOptions();

    @Override
    public Integer call() throws Exception {
        Link ends = Topology.link(link);
        Impairment impairment = options.impairment(() -> 1);
        FrameTap lower = FrameTap.create(ends.lower().host(), ends.lower().device());
        FrameTap upper = FrameTap.create(ends.upper().host(), ends.upper().device());
        WireDirection up = WireDirection.start("up", lower, upper, impairment.fates(0));
        WireDirection down = WireDirection.start("down", upper, lower, impairment.fates(1));
        System.out.println(READY);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Impairment next = CommandLine.populateCommand(new ImpairmentOptions(), line.split(" "))
                    .impairment(() -> 1);
            up.change(next.fates(0));
            down.change(next.fates(1));
            System.out.println(READY);
        }
        return 0;
    }

    /** The command that runs this process. */
    static List<String> command(String link, Impairment impairment) {
        return SelfCommand.of(
                "wire-process",
                Stream.concat(Stream.of(link), ImpairmentOptions.format(impairment).stream())
                        .toList());
    }
}
