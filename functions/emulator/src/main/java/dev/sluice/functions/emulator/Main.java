package dev.sluice.functions.emulator;

import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The portal as functions on one host: all that calls them, at the ports that a process has. */
@Command(
        name = "functions",
        description = "Runs packaged functions behind HTTP and WebSocket APIs and schedules, as AWS does.",
        mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(29);
    private static final int SECRET_BYTES = 32;

    @ArgGroup(multiplicity = "1")
    private Code code = new Code();

    /** Which of the two. */
    private static final class Code {
        @Option(names = "--application", description = "Directory with quarkus-run.jar.")
        private @Nullable Path application;

        @Option(names = "--package", description = "Directory of what is uploaded, unpacked.")
        private @Nullable Path task;
    }

    @Option(names = "--handler", required = true, description = "The class of the handler.")
    private String handler = "";

    @Option(names = "--listen", defaultValue = "127.0.0.1", description = "Address. Default: ${DEFAULT-VALUE}.")
    private String host = "";

    @Option(names = "--port", defaultValue = "13001", description = "Of both APIs. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--operator-port",
            defaultValue = "13002",
            description = "For operators. Default: ${DEFAULT-VALUE}.")
    private int operatorPort;

    @Option(names = "--posts-port", defaultValue = "13003", description = "Of @connections. Default: ${DEFAULT-VALUE}.")
    private int postsPort;

    @Option(
            names = "--provisioned",
            defaultValue = "3",
            description = "Instances that wait. Default: ${DEFAULT-VALUE}.")
    private int provisioned;

    @Option(names = "--data", required = true, description = "Directory for the operators' secret.")
    private Path data = Path.of("");

    /** Runs until it is stopped. */
    public static void main(String... arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Files.createDirectories(data);
        String secret = secret();
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("SLUICE_PUSH_ENDPOINT", "http://127.0.0.1:" + postsPort);
        environment.putIfAbsent("AWS_REGION", "eu-central-1");
        environment.putIfAbsent("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE");
        environment.putIfAbsent("AWS_SECRET_ACCESS_KEY", "example");
        var stopped = new CountDownLatch(1);
        try (var function = new LambdaService(code(), environment, TIMEOUT, Redirect.INHERIT);
                var operators = new HttpApi(
                        function, "$default", "127.0.0.1", operatorPort, request -> isOperator(request, secret));
                var api = new HttpApi(function, "$default", "127.0.0.1", 0);
                var sockets = new WebSocketApi(function, host, port, postsPort, new WebSocketApi.Hardness(), api);
                var schedules = new Schedules(function)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                stopped.countDown();
                // An instance is a process of its own, which may stand still.
                function.close();
            }));
            function.provision(provisioned);
            System.err.println("functions: " + sockets.base() + ", operators at " + operators.base());
            stopped.await();
        }
        return 0;
    }

    private FunctionCode code() {
        return code.task != null
                ? FunctionCode.packaged(code.task, handler)
                : FunctionCode.built(Objects.requireNonNull(code.application, "one of the two"), handler);
    }

    /** As a process of the portal writes it. */
    private String secret() throws IOException {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Path file = data.resolve("admin-secret");
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, secret);
        return secret;
    }

    private static boolean isOperator(HttpServerRequest request, String secret) {
        return ("Bearer " + secret).equals(request.getHeader("Authorization"));
    }
}
