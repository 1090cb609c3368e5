package dev.sluice.functions.stream;

import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.OpenApi;
import dev.sluice.functions.device.DeviceService;
import dev.sluice.functions.device.DeviceSummary;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What devices are told. Most of it is for tests of what they do when they are not, or when it is not true. */
@Path(Door.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Operator", description = "What only whoever runs the portal may do, on the admin listener.")
@OnBehalf
@RunOnVirtualThread
public class StreamApi {
    /** How many messages that makes. */
    public record Told(int messages) {}

    /**
     * Whose access is said to have ended.
     *
     * @param gatewayGroupId whose gateways are told
     * @param clientId of this client only; of all that have it if null
     */
    public record Rejection(
            @NotNull(message = "is missing") UUID gatewayGroupId,
            @NotNull(message = "is missing") UUID resourceId,
            @Nullable UUID clientId) {}

    private final StreamService streams;
    private final DeviceService devices;
    private final CurrentRequest request;

    @Inject
    StreamApi(StreamService streams, DeviceService devices, CurrentRequest request) {
        this.streams = streams;
        this.devices = devices;
        this.request = request;
    }

    @PUT
    @Path("devices/{id}/hold")
    @Operation(summary = "Let everything for a device wait", description = "It then believes what is no longer true.")
    public RestResponse<Envelope.One<DeviceSummary>> hold(@RestPath UUID id) {
        var device = devices.get(request.accountId(), id);
        streams.hold(request.accountId(), id);
        return Envelope.of(device);
    }

    @DELETE
    @Path("devices/{id}/hold")
    @Operation(summary = "Send what waited")
    public RestResponse<Envelope.One<DeviceSummary>> release(@RestPath UUID id) {
        var device = devices.get(request.accountId(), id);
        streams.release(request.accountId(), id);
        return Envelope.of(device);
    }

    @POST
    @APIResponse(responseCode = "200", description = OpenApi.DONE)
    @Path("reject_access")
    @Operation(
            summary = "Tell a site's gateways to drop access, and nothing else",
            description = "The flows stay, and clients that ask again get through.")
    public Envelope.One<Told> rejectAccess(@NotNull(message = "is missing") @Valid Rejection body) {
        return new Envelope.One<>(new Told(
                streams.rejectAccess(request.accountId(), body.gatewayGroupId(), body.resourceId(), body.clientId())));
    }
}
