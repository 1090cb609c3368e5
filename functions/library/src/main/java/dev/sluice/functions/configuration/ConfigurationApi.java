package dev.sluice.functions.configuration;

import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** An account's configuration as one document. */
@Path("/configuration")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Configuration", description = "Sites, groups, resources, policies and policy tests as one document.")
@OnBehalf
@RunOnVirtualThread
public class ConfigurationApi {
    /** What is asked for, by its name. */
    @Schema(name = "ConfigurationBody")
    public record Body(
            @NotNull(message = "is missing") @Valid Configuration configuration) {}

    private final ConfigurationService configurations;
    private final CurrentRequest request;

    @Inject
    ConfigurationApi(ConfigurationService configurations, CurrentRequest request) {
        this.configurations = configurations;
        this.request = request;
    }

    @GET
    @Operation(
            summary = "Export the configuration",
            description = "Everything is called by its name; 409 where a name is there twice.")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "409")
    public Envelope.One<Configuration> export() {
        return new Envelope.One<>(configurations.export(request.accountId()));
    }

    @PUT
    @Operation(
            summary = "Make the configuration so",
            description =
                    "In one transaction; what of it is absent is left as it is, and of what is there all else is removed."
                            + " Done twice, the second time changes nothing.")
    public Envelope.One<Plan> apply(
            @NotNull(message = "is missing") @Valid Body body,
            @RestQuery("dry_run") @Parameter(description = "true to see what it takes, and do nothing.") @Nullable String dryRun) {
        if (dryRun != null && !dryRun.equals("true") && !dryRun.equals("false")) {
            throw new BadRequestException("'dry_run' is true or false.");
        }
        return new Envelope.One<>(
                configurations.apply(request.accountId(), body.configuration(), "true".equals(dryRun)));
    }
}
