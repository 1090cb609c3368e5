package dev.sluice.functions.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.sluice.functions.settings.PortalConfigSource;
import io.quarkus.arc.Arc;
import io.quarkus.runtime.Quarkus;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Set;

/**
 * What Lambda calls: {@code dev.sluice.functions.lambda.Entrance}. The application starts as it is made, and fails then if it
 * cannot.
 */
public final class Entrance implements RequestStreamHandler {
    private final Set<Part> parts;
    private final Invocations invocations;

    public Entrance() {
        FunctionSettings settings = FunctionSettings.from(System.getenv());
        parts = settings.parts();
        PortalConfigSource.provide(settings.properties());
        Quarkus.manualInitialize();
        Quarkus.manualStart();
        invocations = Arc.container().instance(Invocations.class).get();
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        output.write(
                invocations.handle(input.readAllBytes(), parts, Duration.ofMillis(context.getRemainingTimeInMillis())));
    }
}
