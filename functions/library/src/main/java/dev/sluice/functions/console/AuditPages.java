package dev.sluice.functions.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.PageQuery;
import dev.sluice.functions.audit.AuditEntry;
import dev.sluice.functions.audit.AuditFilter;
import dev.sluice.functions.audit.AuditService;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.TypedArray;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.Response.StatusType;
import jakarta.ws.rs.core.UriInfo;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What was decided or changed, by whom and why, and what it was before. */
@Path(Door.PAGES + "{account}/audit")
@Produces(PageResponse.HTML)
@SignedIn
@OnBehalf
@RunOnVirtualThread
public class AuditPages {
    /** By what the list is narrowed, in the order of the form's fields. */
    private static final List<String> FILTERS = List.of("action", "reason", "subject", "since", "until");

    /** These too, where a link of another page says so. */
    private static final List<String> LINKED =
            List.of("actor_id", "client_id", "resource_id", "gateway_id", "object_id");

    /**
     * An entry for people.
     *
     * @param who did it, by name, where they still have one
     * @param about what it is about, by name, where that still has one
     * @param changes of what was changed
     */
    public record Entry(AuditEntry entry, String who, String about, List<Change> changes) {}

    /** @param before and after, as text; empty where it was not there */
    public record Change(String what, String before, String after) {}

    private static final String NAMES = "SELECT id, name FROM actor WHERE account_id = ? AND id = ANY (?)";

    /** As the audit names somebody. */
    private static final Pattern SUBJECT = Pattern.compile("actor ([0-9a-f-]{36})( by token .*)?");

    private final Visitor visitor;
    private final Frames frames;
    private final AuditService audit;
    private final Transactions transactions;

    @Inject
    AuditPages(Visitor visitor, Frames frames, AuditService audit, Transactions transactions) {
        this.transactions = transactions;
        this.visitor = visitor;
        this.frames = frames;
        this.audit = audit;
    }

    @GET
    public Response list(@BeanParam AuditFilter filter, @BeanParam PageQuery query, @Context UriInfo uri) {
        var asked = uri.getQueryParameters();
        var fields = new Fields();
        FILTERS.forEach(name -> fields.with(name, asked.getFirst(name)));
        String narrowed = Stream.concat(FILTERS.stream(), LINKED.stream())
                .filter(name ->
                        asked.getFirst(name) != null && !asked.getFirst(name).isBlank())
                .map(name -> name + "=" + URLEncoder.encode(asked.getFirst(name), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        try {
            var page = audit.page(visitor.accountId(), filter.withoutBlanks(), query.request());
            String address = "/" + visitor.account().slug() + "/audit" + (narrowed.isEmpty() ? "" : "?" + narrowed);
            return page(Status.OK, entries(page.rows()), fields, Pager.of(address, page));
        } catch (BadRequestException unreadable) {
            return page(
                    PageResponse.INVALID,
                    List.of(),
                    fields.wrong("since", String.valueOf(unreadable.getMessage())),
                    Pager.of("", Page.empty()));
        }
    }

    private Response page(StatusType status, List<Entry> entries, Fields fields, Pager pager) {
        return PageResponse.page(status, Templates.audit(frames.of("audit"), entries, fields, pager));
    }

    private List<Entry> entries(List<AuditEntry> rows) {
        UUID account = visitor.accountId();
        var ids = rows.stream().flatMap(entry -> actor(entry).stream()).collect(Collectors.toSet());
        Map<UUID, String> names = new HashMap<>();
        transactions
                .inAccount(account)
                .<List<String>>glance(transaction -> transaction.list(
                        NAMES, row -> names.put(row.id("id"), row.text("name")), account, TypedArray.ofIds(ids)));
        return rows.stream().map(row -> entry(row, names)).toList();
    }

    private static Optional<UUID> actor(AuditEntry entry) {
        var actor = SUBJECT.matcher(Objects.requireNonNullElse(entry.subject(), ""));
        return actor.matches() ? Optional.of(UUID.fromString(actor.group(1))) : Optional.empty();
    }

    private static Entry entry(AuditEntry entry, Map<UUID, String> names) {
        String subject = Objects.requireNonNullElse(entry.subject(), "the portal");
        String about = Stream.of(
                        entry.actor(), entry.client(), entry.group(), entry.resource(), entry.site(), entry.gateway())
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" · "));
        return new Entry(
                entry, actor(entry).map(names::get).orElse(subject), about, changes(entry.before(), entry.after()));
    }

    /** Of what was made or deleted, all that it had; of what was changed, what is another since. */
    private static List<Change> changes(Map<String, JsonNode> before, Map<String, JsonNode> after) {
        var columns = new TreeSet<>(before.keySet());
        columns.addAll(after.keySet());
        List<Change> changes = new ArrayList<>();
        for (String column : columns) {
            String was = text(before.get(column));
            String is = text(after.get(column));
            if (!was.equals(is)) {
                changes.add(new Change(column, was, is));
            }
        }
        return changes;
    }

    private static String text(@Nullable JsonNode value) {
        return value == null || value.isNull() ? "" : value.isTextual() ? value.asText() : value.toString();
    }
}
