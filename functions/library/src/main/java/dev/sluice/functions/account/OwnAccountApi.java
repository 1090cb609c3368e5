package dev.sluice.functions.account;

import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.entity.Expected;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
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
    /** What it is to be; what is absent stays. */
    @Schema(name = "OwnAccountWanted")
    public record Wanted(
            @Pattern(
                    regexp = "(?=.*\\S)[^\\x00-\\x1F\\x7F]{3,64}",
                    message = "has 3 to 64 characters, and none of control")
            @Nullable String name,

            @Nullable Boolean policyTestsEnforced) {}

    /** What is asked for, by its name. */
    @Schema(name = "OwnAccountBody")
    public record Body(
            @NotNull(message = "is missing") @Valid Wanted account) {}

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
                    "What is absent stays. With policy_tests_enforced a change is refused that breaks a policy test.")
    public RestResponse<Envelope.One<OwnAccountView>> update(
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        var wanted = body.account();
        return Envelope.of(accounts.change(
                request.accountId(), wanted.name(), wanted.policyTestsEnforced(), Expected.parse(ifMatch)));
    }

    @PATCH
    @Operation(summary = "Change the account", description = "As with PUT.")
    public RestResponse<Envelope.One<OwnAccountView>> patch(
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return update(body, ifMatch);
    }
}
