package dev.sluice.functions.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.Page;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What is answered: one thing, or a part of a list. */
public final class Envelope {
    /** One thing. */
    public record One<V>(V data) {}

    /** A part of a list. */
    public record Many<V>(List<V> data, Metadata metadata) {}

    /**
     * Which part.
     *
     * @param count of the whole list; null where nobody counts it, as from 10,000 on
     * @param nextPage for {@code page_cursor}; absent on the last page
     * @param prevPage for {@code page_cursor}; absent on the first page
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Metadata(
            @Nullable Long count,
            int limit,
            @Nullable String nextPage,
            @Nullable String prevPage) {}

    private Envelope() {}

    /** One thing, with its ETag. */
    public static <V extends View> RestResponse<One<V>> of(V view) {
        return RestResponse.ResponseBuilder.ok(new One<>(view))
                .header(HttpHeaders.ETAG, Expected.tag(view.version()))
                .build();
    }

    /** A page of things. */
    public static <V> Many<V> of(Page<V> page, int limit) {
        return new Many<>(
                page.rows(),
                new Metadata(page.count(), limit, PageCursor.text(page.next()), PageCursor.text(page.previous())));
    }
}
