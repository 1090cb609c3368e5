package dev.sluice.functions.device;

import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.PageQuery;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Clients and gateways together: who is here. */
@Path("/devices")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Devices", description = "Clients and gateways together, and which are connected.")
@OnBehalf
@RunOnVirtualThread
public class DeviceApi {
    private final DeviceService devices;
    private final CurrentRequest request;

    @Inject
    DeviceApi(DeviceService devices, CurrentRequest request) {
        this.devices = devices;
        this.request = request;
    }

    @GET
    @Operation(
            summary = "List devices",
            description =
                    "In the order of their making; called narrows to those of this name or address in the tunnel.")
    public Envelope.Many<DeviceSummary> list(@BeanParam PageQuery query, @RestQuery @Nullable String called) {
        var page = query.request();
        return Envelope.of(devices.page(request.accountId(), called, page), page.limit());
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Show a device")
    public RestResponse<Envelope.One<DeviceSummary>> get(@RestPath UUID id) {
        return Envelope.of(devices.get(request.accountId(), id));
    }
}
