package dev.sluice.lab;

import java.util.ArrayList;
import java.util.List;

/** The command line that runs another command of this program. */
final class SelfCommand {
    private SelfCommand() {}

    static List<String> of(String name, List<String> options) {
        List<String> command = new ArrayList<>(List.of(
                Place.java(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:-UsePerfData",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                name));
        command.addAll(options);
        return command;
    }
}
