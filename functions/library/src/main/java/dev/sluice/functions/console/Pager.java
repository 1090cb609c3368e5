package dev.sluice.functions.console;

import dev.sluice.functions.api.PageCursor;
import dev.sluice.functions.entity.Page;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How one goes on through a list.
 *
 * @param address of the list
 * @param search what it was narrowed by; empty for all of it
 * @param order the word for it; empty for that of their making
 * @param count of the whole list; null where nobody counts it
 * @param cursor of this page; null if it is the first
 * @param before that of the page before; null if this is the first
 * @param after of the page after; null if this is the last
 */
public record Pager(
        String address,
        String search,
        String order,
        @Nullable Long count,
        @Nullable String cursor,
        @Nullable String before,
        @Nullable String after) {
    /** @param address of the list */
    static Pager of(String address, ListQuery query, Page<?> page) {
        String narrowed = query.narrowed();
        return of(
                address,
                narrowed == null ? "" : narrowed,
                query.order(),
                PageCursor.text(query.request().cursor()),
                page);
    }

    /** Of a list that is in one order alone, and cannot be narrowed. */
    static Pager of(String address, Page<?> page) {
        return of(address, "", "", null, page);
    }

    private static Pager of(String address, String search, String order, @Nullable String cursor, Page<?> page) {
        return new Pager(
                address,
                search,
                order,
                page.count(),
                cursor,
                PageCursor.text(page.previous()),
                PageCursor.text(page.next()));
    }

    /** The address of the page before; null if this is the first. */
    public @Nullable String previous() {
        return before == null ? null : at(order, before);
    }

    /** Of the page after; null if this is the last. */
    public @Nullable String next() {
        return after == null ? null : at(order, after);
    }

    /** Of this page itself. */
    public String here() {
        return at(order, cursor == null ? "" : cursor);
    }

    /** The list's beginning in this order. */
    public String sorted(String by) {
        return at(by, "");
    }

    private String at(String by, String cursor) {
        String query = Stream.of(pair("sort", by), pair("search", search), pair("page_cursor", cursor))
                .filter(pair -> !pair.isEmpty())
                .collect(Collectors.joining("&"));
        return address + (query.isEmpty() ? "" : (address.contains("?") ? "&" : "?") + query);
    }

    private static String pair(String name, String value) {
        return value.isEmpty() ? "" : name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** Whether there is more than this page. */
    public boolean isNeeded() {
        return before != null || after != null;
    }
}
