package dev.sluice.functions.revocation;

import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;

/**
 * Holds what is promised against what is there: flows against their causes, the audit against the flows, and what devices
 * were told against the audit. Everything as of one moment; nothing is changed.
 */
@ApplicationScoped
public class Verification {
    /**
     * What one check found.
     *
     * @param check what is promised
     * @param violations how often it does not hold
     * @param examples ids of some flows, or of devices, for which it does not
     */
    public record Finding(String check, long violations, List<UUID> examples) {}

    private final Transactions transactions;

    @Inject
    public Verification(Transactions transactions) {
        this.transactions = transactions;
    }

    /** One finding for each promise, whether it holds or not. */
    public List<Finding> findings() {
        return transactions
                .ofPortal()
                .read(transaction -> transaction.list(
                        "SELECT promise, violations, coalesce(examples, '{}') AS examples FROM promises()",
                        row -> new Finding(row.text("promise"), row.number("violations"), row.ids("examples"))));
    }
}
