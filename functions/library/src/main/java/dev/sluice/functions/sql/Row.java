package dev.sluice.functions.sql;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The row at hand. An accessor without a question about null fails on null: the schema says what may be. */
public final class Row {
    private interface Read<T> {
        @Nullable T from(ResultSet result) throws SQLException;
    }

    private final ResultSet result;

    Row(ResultSet result) {
        this.result = result;
    }

    public UUID id(String column) {
        return present(optionalId(column), column);
    }

    public @Nullable UUID optionalId(String column) {
        return read(r -> r.getObject(column, UUID.class));
    }

    public String text(String column) {
        return present(optionalText(column), column);
    }

    public @Nullable String optionalText(String column) {
        return read(r -> r.getString(column));
    }

    public Instant instant(String column) {
        return present(optionalInstant(column), column);
    }

    public @Nullable Instant optionalInstant(String column) {
        return toInstant(read(r -> r.getObject(column, OffsetDateTime.class)));
    }

    public long number(String column) {
        return present(optionalNumber(column), column);
    }

    public @Nullable Long optionalNumber(String column) {
        return read(r -> r.getObject(column, Long.class));
    }

    public @Nullable Double optionalFraction(String column) {
        return read(r -> r.getObject(column, Double.class));
    }

    public boolean flag(String column) {
        return present(read(r -> r.getObject(column, Boolean.class)), column);
    }

    /** Null reads as false. */
    public boolean optionalFlag(String column) {
        return Boolean.TRUE.equals(read(r -> r.getObject(column, Boolean.class)));
    }

    public byte[] bytes(String column) {
        return present(read(r -> r.getBytes(column)), column);
    }

    public byte @Nullable [] optionalBytes(String column) {
        return read(r -> r.getBytes(column));
    }

    /** An array of text; null reads as empty. */
    public List<String> texts(String column) {
        return List.of((String[]) array(column, new String[0]));
    }

    /** An array of text, or null. */
    public @Nullable List<String> optionalTexts(String column) {
        return read(r -> r.getArray(column)) == null ? null : texts(column);
    }

    /** An array of UUIDs; null reads as empty. */
    public List<UUID> ids(String column) {
        return List.of((UUID[]) array(column, new UUID[0]));
    }

    private Object array(String column, Object empty) {
        try {
            Array array = result.getArray(column);
            return array == null ? empty : array.getArray();
        } catch (SQLException e) {
            throw new DatabaseFailure(e);
        }
    }

    private <T> @Nullable T read(Read<T> read) {
        try {
            return read.from(result);
        } catch (SQLException e) {
            throw new DatabaseFailure(e);
        }
    }

    private static @Nullable Instant toInstant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    private static <T> T present(@Nullable T value, String column) {
        return Objects.requireNonNull(value, column);
    }
}
