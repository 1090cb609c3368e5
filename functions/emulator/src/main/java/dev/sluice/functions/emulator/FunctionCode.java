package dev.sluice.functions.emulator;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A function, as it was built.
 *
 * @param command by which an instance is started
 * @param environment what AWS says to it beside what is set
 */
public record FunctionCode(List<String> command, Map<String, String> environment) {
    /** Where AWS unpacks what is uploaded. */
    private static final String TASK = "/var/task";

    public FunctionCode {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /**
     * As Maven has built it, on this JVM.
     *
     * @param application a directory with {@code quarkus-run.jar}
     * @param handler the class of its handler
     */
    public static FunctionCode built(Path application, String handler) {
        return new FunctionCode(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        application.resolve("quarkus-run.jar").toAbsolutePath().toString(),
                        "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
                        handler),
                Map.of("LAMBDA_TASK_ROOT", application.toString()));
    }

    /**
     * As it is uploaded, with a JVM of its own, in the place where AWS has it: in a file system that the instance alone sees.
     *
     * @param task what is unpacked
     */
    public static FunctionCode packaged(Path task, String handler) {
        return new FunctionCode(
                List.of(
                        "unshare",
                        "--user",
                        "--map-root-user",
                        "--mount",
                        "--",
                        "sh",
                        "-c",
                        "mount -t tmpfs tmpfs /var && mkdir " + TASK + " && mount --bind \"$0\" " + TASK + " && cd "
                                + TASK + " && exec ./bootstrap",
                        task.toAbsolutePath().toString()),
                Map.of("LAMBDA_TASK_ROOT", TASK, "_HANDLER", handler));
    }
}
