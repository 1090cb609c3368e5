package dev.sluice.functions.revocation;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Whether what the portal promises holds in its database. */
@Path(Door.OPERATOR + "verification")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Operator", description = "What only whoever runs the portal may do, on the admin listener.")
@OnBehalf
@RunOnVirtualThread
public class VerificationApi {
    private final Verification verification;

    @Inject
    VerificationApi(Verification verification) {
        this.verification = verification;
    }

    @GET
    @Operation(
            summary = "Hold promises against what is there",
            description =
                    "Flows against what grants them, the audit against the flows, what gateways were told against the"
                            + " audit. Nothing is changed.")
    public Envelope.One<List<Verification.Finding>> findings() {
        return new Envelope.One<>(verification.findings());
    }
}
