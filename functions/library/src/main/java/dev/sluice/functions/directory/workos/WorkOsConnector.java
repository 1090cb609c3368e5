package dev.sluice.functions.directory.workos;

import dev.sluice.functions.directory.DirectoryService;
import dev.sluice.functions.directory.sync.ConnectorFactory;
import dev.sluice.functions.directory.sync.DirectoryConnector;
import dev.sluice.functions.directory.sync.DirectoryFailure;
import dev.sluice.functions.directory.sync.DirectorySource;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the one directory that an organization has linked. */
@ApplicationScoped
public class WorkOsConnector implements ConnectorFactory {
    private final WorkOsApi workos;
    private final Transactions transactions;

    @Inject
    public WorkOsConnector(WorkOsApi workos, Transactions transactions) {
        this.workos = workos;
        this.transactions = transactions;
    }

    @Override
    public String type() {
        return "workos";
    }

    @Override
    public DirectoryConnector open(DirectorySource source) {
        String organization = source.organizationId();
        if (organization == null) {
            throw DirectoryFailure.lasting("No directory is linked yet: open the set-up link, and follow it.");
        }
        List<String> linked = workos.linkedDirectories(organization);
        if (linked.size() != 1) {
            throw DirectoryFailure.passing(
                    linked.isEmpty()
                            ? "No directory is linked: open the set-up link, and follow it."
                            : "There are " + linked.size() + " directories linked at WorkOS. Keep one of them.");
        }
        String linkedOne = linked.getFirst();
        if (source.sourceId() != null && !source.sourceId().equals(linkedOne)) {
            throw DirectoryFailure.lasting(
                    "Another directory is linked at WorkOS than before. Its users are others: create"
                            + " another directory for it.");
        }
        if (source.sourceId() == null) {
            transactions
                    .inAccount(source.directory().accountId())
                    .run(transaction -> DirectoryService.link(transaction, source.directory(), linkedOne));
        }
        return of(linkedOne);
    }

    private DirectoryConnector of(String directory) {
        return new DirectoryConnector() {
            @Override
            public Page<User> users(@Nullable String after) {
                return workos.users(directory, after);
            }

            @Override
            public Page<Group> groups(@Nullable String after) {
                return workos.groups(directory, after);
            }

            @Override
            public Page<String> members(String group, @Nullable String after) {
                return workos.members(group, after);
            }
        };
    }
}
