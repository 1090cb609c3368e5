package dev.sluice.functions.account;

import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.entity.Expected;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The account that a request is about. */
@Path("/account")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Account", description = "The account itself, and what holds for all of it.")
@OnBehalf
@RunOnVirtualThread
public class OwnAccountApi {
    /** What is asked for, by its name. */
    @Schema(name = "OwnAccountBody")
    public record Body(
            @NotNull(message = "is missing") @Valid OwnAccountWanted account) {}

    private final AccountService accounts;
    private final CurrentRequest request;

    @Inject
    OwnAccountApi(AccountService accounts, CurrentRequest request) {
        this.accounts = accounts;
        this.request = request;
    }

    @GET
    @Operation(summary = "Show the account")
    public RestResponse<Envelope.One<OwnAccountView>> get() {
        return Envelope.of(accounts.get(request.accountId()));
    }

    @PUT
    @Operation(
            summary = "Change the account",
            description =
                    "What is absent stays. With policy_tests_enforced a change is refused that breaks a policy test. Clients are told"
                            + " of another search_domain or upstream_dns at once.")
    public RestResponse<Envelope.One<OwnAccountView>> update(
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return Envelope.of(accounts.change(request.accountId(), body.account(), Expected.parse(ifMatch)));
    }

    @PATCH
    @Operation(summary = "Change the account", description = "As with PUT.")
    public RestResponse<Envelope.One<OwnAccountView>> patch(
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return update(body, ifMatch);
    }
}
