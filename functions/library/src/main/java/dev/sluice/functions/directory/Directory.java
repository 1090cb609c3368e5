package dev.sluice.functions.directory;

import dev.sluice.functions.sql.Row;
import java.util.UUID;

/** A directory, as those work with it who do what it says. */
public record Directory(UUID accountId, UUID id, String name, boolean isDisabled) {
    /** Of a row with its {@code id}, {@code name} and {@code disabled_at}. */
    public static Directory read(UUID accountId, Row row) {
        return new Directory(accountId, row.id("id"), row.text("name"), row.optionalInstant("disabled_at") != null);
    }
}
