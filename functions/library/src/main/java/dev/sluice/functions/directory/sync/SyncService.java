package dev.sluice.functions.directory.sync;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.functions.directory.Directory;
import dev.sluice.functions.directory.DirectoryService;
import dev.sluice.functions.directory.Roster;
import dev.sluice.functions.directory.sync.Removals.Going;
import dev.sluice.functions.entity.Listing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What became of asking a directory, and what an admin decides about what is held. */
@ApplicationScoped
public class SyncService {
    private final Transactions transactions;
    private final DirectoryService directories;
    private final ObjectMapper json;

    @Inject
    public SyncService(Transactions transactions, DirectoryService directories, ObjectMapper json) {
        this.transactions = transactions;
        this.directories = directories;
        this.json = json;
    }

    /** @throws RequestException when there is no such directory */
    public Page<RunView> runs(UUID accountId, UUID id, PageRequest request) {
        directories.find(accountId, id);
        return transactions
                .inAccount(accountId)
                .search(transaction -> new Listing(
                                "id, started_at, read_at, finished_at, outcome, error, counts", "directory_run", "id")
                        .where("account_id = ?", accountId)
                        .where("directory_id = ?", id)
                        .page(transaction, request, this::run, RunView::id));
    }

    /** @throws RequestException when there is no such directory */
    public Page<HeldView> held(UUID accountId, UUID id, PageRequest request) {
        directories.find(accountId, id);
        return transactions
                .inAccount(accountId)
                .search(transaction -> new Listing(
                                "h.id, h.kind, h.actor_id, a.name AS actor, h.group_id, g.name AS group_name",
                                """
                                directory_held h
                                LEFT JOIN actor a ON a.account_id = h.account_id AND a.id = h.actor_id
                                LEFT JOIN actor_group g ON g.account_id = h.account_id AND g.id = h.group_id
                                """,
                                "h.id")
                        .where("h.account_id = ?", accountId)
                        .where("h.directory_id = ?", id)
                        .where("NOT h.kept")
                        .page(transaction, request, SyncService::held, HeldView::id));
    }

    /**
     * Takes away what is held.
     *
     * @throws RequestException when there is no such directory, or nothing is held
     */
    public void apply(UUID accountId, UUID id) {
        Directory directory = directories.find(accountId, id);
        boolean begun = false;
        while (some(directory)) {
            begun = true;
        }
        if (!begun) {
            throw nothing();
        }
    }

    /**
     * Keeps what is held, until the directory mentions it again.
     *
     * @throws RequestException when there is no such directory, or nothing is held
     */
    public void discard(UUID accountId, UUID id) {
        Directory directory = directories.find(accountId, id);
        transactions.inAccount(accountId).run(transaction -> {
            Roster.lock(transaction, directory);
            if (new HeldPlan(transaction, directory).keep() == 0) {
                throw nothing();
            }
        });
    }

    /** As much as can be taken away in one turn. */
    private boolean some(Directory directory) {
        return transactions.inAccount(directory.accountId()).call(transaction -> {
            Roster.lock(transaction, directory);
            var plan = new HeldPlan(transaction, directory);
            var removals = new Removals(transaction, directory, new Counts());
            for (Held kind : List.of(Held.MEMBER, Held.GROUP, Held.USER)) {
                List<Going> going = plan.held(kind, Removals.AT_ONCE);
                if (!going.isEmpty()) {
                    removals.remove(kind, going);
                    plan.carriedOut(kind, going);
                    return true;
                }
            }
            return false;
        });
    }

    private static RequestException nothing() {
        return RequestException.conflict("Nothing is held.");
    }

    private RunView run(Row row) {
        return new RunView(
                row.id("id"),
                row.instant("started_at"),
                row.optionalInstant("read_at"),
                row.optionalInstant("finished_at"),
                row.optionalText("outcome"),
                row.optionalText("error"),
                counts(row.text("counts")));
    }

    private Map<String, Long> counts(String text) {
        try {
            return json.readValue(text, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HeldView held(Row row) {
        return new HeldView(
                row.id("id"),
                row.text("kind"),
                row.optionalId("actor_id"),
                row.optionalText("actor"),
                row.optionalId("group_id"),
                row.optionalText("group_name"));
    }
}
