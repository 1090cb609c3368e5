package dev.sluice.functions.api;

import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.sql.Ids;
import jakarta.ws.rs.BadRequestException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Which part of a list a query asks for. */
public class PageQuery {
    /** How long a page is if nobody says so. */
    public static final int USUAL = 50;

    @RestQuery
    @Parameter(
            description = "At most so many in one page, 50 if absent.",
            schema = @Schema(implementation = Integer.class, minimum = "1", maximum = "100", defaultValue = "50"))
    @Nullable String limit;

    @RestQuery("page_cursor")
    @Parameter(description = "The next_page or prev_page of another page.")
    @Nullable String cursor;

    /** @throws BadRequestException when it is none */
    public PageRequest request() {
        return new PageRequest(limit(), position());
    }

    /**
     * The id that a query names.
     *
     * @throws BadRequestException when it is none
     */
    public static @Nullable UUID id(String parameter, @Nullable String text) {
        if (text == null) {
            return null;
        }
        UUID id = Ids.parse(text);
        if (id == null) {
            throw new BadRequestException("'" + parameter + "' is an id.");
        }
        return id;
    }

    /**
     * The word that a query names.
     *
     * @param words those that it may be, with {@code |} between them
     * @throws BadRequestException when it is none of them
     */
    public static @Nullable String word(String parameter, @Nullable String text, String words) {
        if (text != null && !List.of(words.split("[|]")).contains(text)) {
            throw new BadRequestException("'" + parameter + "' is one of " + words.replace("|", ", ") + ".");
        }
        return text;
    }

    /**
     * The time that a query names (RFC 3339).
     *
     * @throws BadRequestException when it is none
     */
    public static @Nullable Instant time(String parameter, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
        } catch (DateTimeException e) {
            throw new BadRequestException("'" + parameter + "' is a time as in 2026-01-31T09:00:00Z.");
        }
    }

    private int limit() {
        if (limit == null) {
            return USUAL;
        }
        if (!limit.matches("[0-9]{1,3}") || Integer.parseInt(limit) < 1 || Integer.parseInt(limit) > PageRequest.MOST) {
            throw new BadRequestException("'limit' is a number from 1 to " + PageRequest.MOST + ".");
        }
        return Integer.parseInt(limit);
    }

    private PageRequest.@Nullable Cursor position() {
        if (cursor == null) {
            return null;
        }
        var parsed = PageCursor.parse(cursor);
        if (parsed == null) {
            throw new BadRequestException("'page_cursor' is the next_page or prev_page of another page, as it came.");
        }
        return parsed;
    }
}
