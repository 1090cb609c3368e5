package dev.sluice.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The holder's end of a {@link WireProcess}. */
final class Wire {
    private final Process process;
    private final BufferedReader output;
    private Impairment impairment;

    private Wire(Process process, Impairment impairment) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        this.impairment = impairment;
    }

    /** Starts the process and returns once both devices exist. */
    static Wire start(Link link, Impairment impairment) {
        try {
            Wire wire = new Wire(
                    new ProcessBuilder(WireProcess.command(link.name(), impairment))
                            .redirectError(HostLog.file(link.name() + "-wire").toFile())
                            .start(),
                    impairment);
            wire.awaitReady();
            return wire;
        } catch (IOException e) {
            throw new LabException("cannot start the wire of " + link.name(), e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    Impairment impairment() {
        return impairment;
    }

    void change(Impairment changed) {
        try {
            OutputStream in = process.getOutputStream();
            in.write((String.join(" ", ImpairmentOptions.format(changed)) + "\n").getBytes(StandardCharsets.UTF_8));
            in.flush();
            awaitReady();
            impairment = changed;
        } catch (IOException e) {
            throw new LabException("the wire's process does not answer", e);
        }
    }

    void stop() {
        process.destroyForcibly();
        process.onExit().join();
    }

    private void awaitReady() throws IOException {
        String line = output.readLine();
        if (!WireProcess.READY.equals(line)) {
            throw new LabException("the wire's process failed; see the log of the link");
        }
    }
}
