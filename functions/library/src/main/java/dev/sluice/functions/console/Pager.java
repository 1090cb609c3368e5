package dev.sluice.functions.console;

import dev.sluice.functions.api.PageCursor;
import dev.sluice.functions.entity.Page;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How one goes on through a list.
 *
 * @param search what it was narrowed by; empty for all of it
 * @param count of the whole list; null where nobody counts it
 * @param previous the address of the page before; null if this is the first
 * @param next of the page after; null if this is the last
 */
public record Pager(
        String search,
        @Nullable Long count,
        @Nullable String previous,
        @Nullable String next) {
    /** What a list is narrowed by if somebody types this; null for nothing. */
    static @Nullable String narrowed(@Nullable String typed) {
        return typed == null || typed.isBlank() ? null : typed.strip();
    }

    /** @param address of the list */
    static Pager of(String address, @Nullable String search, Page<?> page) {
        String narrowed = search == null ? "" : search;
        return new Pager(
                narrowed,
                page.count(),
                at(address, narrowed, PageCursor.text(page.previous())),
                at(address, narrowed, PageCursor.text(page.next())));
    }

    private static @Nullable String at(String address, String search, @Nullable String cursor) {
        return cursor == null
                ? null
                : address + "?page_cursor=" + cursor
                        + (search.isEmpty() ? "" : "&search=" + URLEncoder.encode(search, StandardCharsets.UTF_8));
    }

    /** Whether there is more than this page. */
    public boolean isNeeded() {
        return previous != null || next != null;
    }
}
