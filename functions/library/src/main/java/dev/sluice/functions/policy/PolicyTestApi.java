package dev.sluice.functions.policy;

import dev.sluice.functions.api.Creations;
import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.OpenApi;
import dev.sluice.functions.api.PageQuery;
import dev.sluice.functions.entity.Expected;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Policy tests. */
@Path(PolicyTestApi.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Policy tests", description = "What an account asserts of its policies.")
@OnBehalf
@RunOnVirtualThread
public class PolicyTestApi {
    static final String PATH = "/policy_tests";

    /** What is asked for, by its name. */
    @Schema(name = "PolicyTestBody")
    public record Body(
            @NotNull(message = "is missing") @Valid PolicyTestWanted policyTest) {}

    /** On what the tests are run; on the policies as they are if there is nothing. */
    @Schema(name = "PolicyTestRunBody")
    public record RunBody(@Valid @Nullable PolicyProposal proposal) {}

    private final PolicyTestService tests;
    private final Creations creations;
    private final CurrentRequest request;

    @Inject
    PolicyTestApi(PolicyTestService tests, Creations creations, CurrentRequest request) {
        this.tests = tests;
        this.creations = creations;
        this.request = request;
    }

    @GET
    @Operation(
            summary = "List policy tests",
            description = "In the order of their making; called narrows to the one of this name.")
    public Envelope.Many<PolicyTestView> list(@BeanParam PageQuery query, @RestQuery @Nullable String called) {
        var page = query.request();
        return Envelope.of(tests.page(request.accountId(), page, called), page.limit());
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Show a policy test")
    public RestResponse<Envelope.One<PolicyTestView>> get(@RestPath UUID id) {
        return Envelope.of(tests.get(request.accountId(), id));
    }

    @POST
    @Operation(summary = "Create a policy test")
    public RestResponse<Envelope.One<PolicyTestView>> create(
            @NotNull(message = "is missing") @Valid Body body, @RestHeader(Creations.KEY_HEADER) @Nullable String key) {
        UUID account = request.accountId();
        return creations.create(key, PATH, body, transaction -> tests.create(transaction, account, body.policyTest()));
    }

    @PUT
    @Path("{id}")
    @Operation(summary = "Change a policy test", description = "What is absent stays.")
    public RestResponse<Envelope.One<PolicyTestView>> update(
            @RestPath UUID id,
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return Envelope.of(tests.change(request.accountId(), id, body.policyTest(), Expected.parse(ifMatch)));
    }

    @PATCH
    @Path("{id}")
    @Operation(summary = "Change a policy test", description = "As with PUT.")
    public RestResponse<Envelope.One<PolicyTestView>> patch(
            @RestPath UUID id,
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return update(id, body, ifMatch);
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Delete a policy test")
    public RestResponse<Envelope.One<PolicyTestView>> delete(
            @RestPath UUID id, @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return Envelope.of(tests.delete(request.accountId(), id, Expected.parse(ifMatch)));
    }

    @POST
    @APIResponse(responseCode = "200", description = OpenApi.DONE)
    @Path("run")
    @Operation(
            summary = "Run all policy tests",
            description =
                    "On the policies as they are, or as they would be with the changes of a proposal, which are made and"
                            + " taken back.")
    public Envelope.One<List<PolicyTestRuns.Outcome>> run(
            @RequestBody(required = false) @Valid @Nullable RunBody body) {
        UUID account = request.accountId();
        return new Envelope.One<>(
                body == null || body.proposal() == null ? tests.run(account) : tests.run(account, body.proposal()));
    }
}
