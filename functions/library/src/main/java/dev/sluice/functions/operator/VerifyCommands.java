package dev.sluice.functions.operator;

import dev.sluice.functions.revocation.Verification;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;

/** Whether what the portal promises holds in its database. */
@ApplicationScoped
class VerifyCommands implements OperatorCommands {
    private final Verification verification;

    @Inject
    VerifyCommands(Verification verification) {
        this.verification = verification;
    }

    @Override
    public List<OperatorCommand> commands() {
        return List.of(new OperatorCommand("verify", Set.of(), arguments -> verification.findings()));
    }
}
