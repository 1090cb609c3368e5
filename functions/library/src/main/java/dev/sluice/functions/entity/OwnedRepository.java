package dev.sluice.functions.entity;

import dev.sluice.functions.sql.RequestException;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.persistence.LockModeType;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds what belongs to an account. To be used within a transaction of {@code Transactions}, whose subject is set by then.
 */
public abstract class OwnedRepository<E extends Owned> implements PanacheRepositoryBase<E, OwnedId> {
    private final String what;
    private final Class<E> type;

    /** Of what this is the word for, in messages. */
    protected OwnedRepository(String what, Class<E> type) {
        this.what = what;
        this.type = type;
    }

    /** @throws RequestException when the account has none of this id */
    public E get(UUID accountId, UUID id) {
        return found(findByIdOptional(new OwnedId(accountId, id)), id);
    }

    /**
     * To change it: nobody else does until the end of the transaction. Where that ends access, the account's turn is taken
     * before: all who end access come to the rows in this order. Asks do not wait for the row: the lock is
     * {@code FOR NO KEY UPDATE}.
     *
     * @throws RequestException when the account has none of this id, or of another version than is expected
     */
    public E take(UUID accountId, UUID id, Expected expected) {
        E entity = found(findByIdOptional(new OwnedId(accountId, id), LockModeType.PESSIMISTIC_WRITE), id);
        expected.require(what, entity.version());
        return entity;
    }

    /** A page of those that the filter leaves. */
    public Page<E> page(UUID accountId, PageRequest request, Narrowing narrowing) {
        Map<String, Object> parameters = new HashMap<>(Map.of("account", accountId));
        var where = new StringBuilder("accountId = :account");
        for (var term : narrowing.terms()) {
            where.append(" and ").append(term.hql());
            parameters.put(term.parameter(), term.value());
        }
        Long count = count(where, parameters);
        boolean named = request.order() == PageRequest.Order.NAME && Named.class.isAssignableFrom(type);
        String beyond = request.isDescending() ? "<" : ">";
        var from = request.from();
        if (from != null) {
            where.append(
                    named
                            ? String.format(
                                    Locale.ROOT,
                                    " and nameKey %1$s= :key and (nameKey %1$s :key or id %1$s :from)",
                                    beyond)
                            : " and id " + beyond + " :from");
            parameters.put("from", from);
            if (named) {
                parameters.put("key", key(accountId, from));
            }
        }
        String direction = request.isDescending() ? " desc" : " asc";
        List<E> rows = find(
                        where + " order by " + (named ? "nameKey" + direction + ", " : "") + "id" + direction,
                        parameters)
                .range(0, request.limit())
                .list();
        return request.page(rows, count, Owned::id);
    }

    /** By what one of them is found in the order of names; of one that has gone meanwhile the list begins anew. */
    private String key(UUID accountId, UUID id) {
        return getEntityManager()
                .createQuery(
                        "select nameKey from " + type.getSimpleName() + " where accountId = :account and id = :id",
                        String.class)
                .setParameter("account", accountId)
                .setParameter("id", id)
                .getResultStream()
                .findFirst()
                .orElse("");
    }

    /** Beyond what is counted there are more, and nobody says how many: that would take longer than the page. */
    private @Nullable Long count(CharSequence where, Map<String, Object> parameters) {
        var query = getEntityManager()
                .createQuery(
                        "select count(*) from (select id as id from " + type.getSimpleName() + " where " + where
                                + " order by id limit " + (PageRequest.COUNTED + 1) + ") as counted",
                        Long.class);
        parameters.forEach(query::setParameter);
        return PageRequest.counted(query.getSingleResult());
    }

    /** Persists a new one, so that all that the database adds is known. */
    public E added(E entity) {
        persistAndFlush(entity);
        return entity;
    }

    private E found(Optional<E> entity, UUID id) {
        return entity.orElseThrow(() -> RequestException.notFound("There is no " + what + " " + id + "."));
    }
}
