package dev.sluice.functions.directory.sync;

import dev.sluice.functions.directory.Directory;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a directory is read, and as whom. What its type does not have is null.
 *
 * @param clientSecret sealed
 */
public record DirectorySource(
        Directory directory,
        String type,
        @Nullable String tenantId,
        @Nullable String clientId,
        byte @Nullable [] clientSecret,
        @Nullable String organizationId,
        @Nullable String sourceId) {
    private static final String READ = """
            SELECT id, name, type, disabled_at, tenant_id, client_id, coalesce(client_secret, '') AS client_secret,
                   organization_id, source_id
            FROM directory WHERE account_id = ? AND id = ?
            """;

    /** As it is now; empty if it is gone. */
    public static Optional<DirectorySource> read(Transaction transaction, UUID accountId, UUID id) {
        return transaction.first(READ, row -> of(accountId, row), accountId, id);
    }

    private static DirectorySource of(UUID accountId, Row row) {
        byte[] secret = row.bytes("client_secret");
        return new DirectorySource(
                Directory.read(accountId, row),
                row.text("type"),
                row.optionalText("tenant_id"),
                row.optionalText("client_id"),
                secret.length == 0 ? null : secret,
                row.optionalText("organization_id"),
                row.optionalText("source_id"));
    }
}
