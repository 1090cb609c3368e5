package dev.sluice.functions.directory.workos;

import dev.sluice.functions.directory.DirectoryService;
import dev.sluice.functions.directory.DirectoryType;
import dev.sluice.functions.directory.sync.DirectoryFailure;
import dev.sluice.functions.directory.sync.DirectorySource;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where an admin links their directory at WorkOS. */
@ApplicationScoped
public class WorkOsSetUp {
    private final WorkOsApi workos;
    private final DirectoryService directories;
    private final Transactions transactions;

    @Inject
    WorkOsSetUp(WorkOsApi workos, DirectoryService directories, Transactions transactions) {
        this.workos = workos;
        this.directories = directories;
        this.transactions = transactions;
    }

    /**
     * A page of WorkOS, to be opened by whoever administers the directory, within five minutes.
     *
     * @param returnUrl where they come back to; null for nowhere
     * @throws RequestException when there is no such directory, it is none of WorkOS, or WorkOS does not answer
     */
    public String link(UUID account, UUID id, @Nullable String returnUrl) {
        DirectorySource source = transactions
                .inAccount(account)
                .glance(transaction -> DirectorySource.read(transaction, account, id))
                .orElseThrow(() -> RequestException.notFound("There is no directory " + id + "."));
        if (!source.type().equals(DirectoryType.WORKOS.word())) {
            throw RequestException.conflict("Only a directory of type workos is linked so.");
        }
        try {
            String organization = source.organizationId();
            if (organization == null) {
                organization =
                        directories.belong(account, id, workos.createOrganization("Sluice " + account + " " + id));
            }
            return workos.setUpLink(organization, returnUrl);
        } catch (DirectoryFailure e) {
            throw RequestException.conflict(e.getMessage());
        }
    }
}
