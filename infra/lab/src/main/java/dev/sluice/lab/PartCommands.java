package dev.sluice.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command lines of Sluice's parts, as ./sluice runs them, without the launcher's checks. */
final class PartCommands {
    private static final List<String> FLAGS =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:-UsePerfData");

    private PartCommands() {}

    static List<String> gateway(String... arguments) {
        return dataPath("gateway", List.of(arguments));
    }

    static List<String> client(String... arguments) {
        return dataPath("client", List.of(arguments));
    }

    static List<String> wireguard(String... arguments) {
        return dataPath("wireguard", List.of(arguments));
    }

    /** The portal of this tree, which may be of another version. */
    static List<String> portalProcess(Path tree, String... arguments) {
        List<String> command = java("-Xmx512m");
        command.addAll(List.of(
                "-jar",
                tree.resolve("functions/process/target/quarkus-app/quarkus-run.jar")
                        .toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The portal's functions, and what calls them. */
    static List<String> portalFunctions(String... options) {
        List<String> command = java("-XX:+UseSerialGC", "-Xmx256m");
        command.addAll(classPath("functions/emulator"));
        command.addAll(List.of(
                "dev.sluice.functions.emulator.Main",
                "--application=" + Place.tree().resolve("functions/lambda/target/quarkus-app"),
                "--handler=dev.sluice.functions.lambda.Entrance"));
        command.addAll(List.of(options));
        return command;
    }

    static List<String> portalAdministration() {
        List<String> command = java("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m");
        command.addAll(classPath("functions/command"));
        command.add("dev.sluice.functions.command.Main");
        return command;
    }

    private static List<String> dataPath(String part, List<String> arguments) {
        List<String> command = new ArrayList<>(
                List.of(Place.java(), "@" + Place.tree().resolve("datapath/core/target/classes/jvm.options")));
        command.addAll(classPath("datapath/core"));
        command.addAll(List.of("dev.sluice.datapath.app.Main", part));
        command.addAll(arguments);
        return command;
    }

    private static List<String> java(String... options) {
        List<String> command = new ArrayList<>(List.of(Place.java()));
        command.addAll(FLAGS);
        command.addAll(List.of(options));
        return command;
    }

    private static List<String> classPath(String module) {
        String target = Place.tree().resolve(module).resolve("target").toString();
        return List.of("-cp", target + "/classes:" + target + "/lib/*");
    }
}
