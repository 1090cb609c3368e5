package dev.sluice.functions.console;

import dev.sluice.functions.api.PageQuery;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.entity.PageRequest.Order;
import java.util.Map;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Which part of a list a page shows, and in which order. */
public class ListQuery extends PageQuery {
    private static final Map<String, Order> ORDERS = Map.of("name", Order.NAME, "latest", Order.LATEST);

    @RestQuery
    @Nullable String sort;

    @RestQuery
    @Nullable String search;

    @Override
    public PageRequest request() {
        return super.request().in(ORDERS.getOrDefault(order(), Order.MADE));
    }

    /** The word for its order in addresses; empty for that of their making. */
    String order() {
        return sort == null || !ORDERS.containsKey(sort) ? "" : sort;
    }

    /** With what names begin; null for all. */
    @Nullable String narrowed() {
        return search == null || search.isBlank() ? null : search.strip();
    }
}
