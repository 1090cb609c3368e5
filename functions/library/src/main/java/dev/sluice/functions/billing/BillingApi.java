package dev.sluice.functions.billing;

import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** What the account has subscribed to. */
@Path("/account/billing")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Account")
@OnBehalf
@RunOnVirtualThread
public class BillingApi {
    /** Where whoever pays comes back to. */
    @Schema(name = "BillingSessionWanted")
    public record Wanted(
            @NotNull(message = "is missing") @Pattern(regexp = "https?://[!-~]{1,2000}", message = "is a URL, http:// or https://") @Size(max = 2008, message = "has 2008 characters at most")
            String returnUrl) {}

    /** What is asked for, by its name. */
    @Schema(name = "BillingSessionBody")
    public record Body(
            @NotNull(message = "is missing") @Valid Wanted session) {}

    /** @param url to be opened by whoever pays, within some minutes */
    public record BillingSessionView(String url) {}

    private final BillingService billing;
    private final CurrentRequest request;

    @Inject
    BillingApi(BillingService billing, CurrentRequest request) {
        this.billing = billing;
        this.request = request;
    }

    @GET
    @Operation(
            summary = "Show the billing",
            description = "As it was read from Stripe last; 404 where nothing is billed.")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "404")
    public RestResponse<Envelope.One<BillingView>> get() {
        return Envelope.of(billing.get(request.accountId()));
    }

    @POST
    @Path("sessions")
    @Operation(
            summary = "Open the billing portal",
            description = "Stripe's page, on which whoever pays changes how and what.")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "404")
    public RestResponse<Envelope.One<BillingSessionView>> open(@NotNull(message = "is missing") @Valid Body body) {
        var url = billing.portal(request.accountId(), body.session().returnUrl());
        return RestResponse.status(RestResponse.Status.CREATED, new Envelope.One<>(new BillingSessionView(url)));
    }
}
