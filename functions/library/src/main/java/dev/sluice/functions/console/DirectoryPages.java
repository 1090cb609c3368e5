package dev.sluice.functions.console;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.PageQuery;
import dev.sluice.functions.auth.TokenOwner;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.auth.TokenView;
import dev.sluice.functions.directory.DirectoryService;
import dev.sluice.functions.directory.DirectoryView;
import dev.sluice.functions.directory.DirectoryWanted;
import dev.sluice.functions.directory.sync.RunView;
import dev.sluice.functions.directory.sync.SyncService;
import dev.sluice.functions.directory.workos.WorkOsSetUp;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.settings.WebAddress;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transactions;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Validator;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.Response.StatusType;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** Where people and groups are administered that are not here. */
@Path(Door.PAGES + "{account}/directories")
@Produces(PageResponse.HTML)
@Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
@SignedIn
@OnBehalf
@RunOnVirtualThread
public class DirectoryPages {
    /**
     * A directory, and what is known of it.
     *
     * @param runs the latest times that it was asked, the latest first
     * @param tokens by which it calls, if it does
     * @param portal where it calls
     */
    public record Directory(DirectoryView directory, List<RunView> runs, List<TokenView> tokens, String portal) {}

    /**
     * What was made now, to be shown this once.
     *
     * @param token by which it calls; null for none
     * @param link where it is linked; null for none
     */
    public record Made(@Nullable String token, @Nullable String link) {
        static final Made NOTHING = new Made(null, null);
    }

    private static final int RUNS = 10;

    /** Before whatever began last. */
    private static final PageRequest LATEST = new PageRequest(RUNS, new PageRequest.Cursor(new UUID(-1L, -1L), true));

    private final Visitor visitor;
    private final Frames frames;
    private final Transactions transactions;
    private final DirectoryService directories;
    private final SyncService syncs;
    private final WorkOsSetUp workos;
    private final TokenService tokens;
    private final WebAddress web;
    private final Validator validator;

    @Inject
    DirectoryPages(
            Visitor visitor,
            Frames frames,
            Transactions transactions,
            DirectoryService directories,
            SyncService syncs,
            WorkOsSetUp workos,
            TokenService tokens,
            WebAddress web,
            Validator validator) {
        this.visitor = visitor;
        this.frames = frames;
        this.transactions = transactions;
        this.directories = directories;
        this.syncs = syncs;
        this.workos = workos;
        this.tokens = tokens;
        this.web = web;
        this.validator = validator;
    }

    @GET
    public Response list(@BeanParam ListQuery query) {
        var page = directories.page(visitor.accountId(), query.request(), query.narrowed(), null);
        return PageResponse.page(Templates.directories(frame(), page.rows(), Pager.of(address(), query, page)));
    }

    @GET
    @Path("new")
    public Response ask() {
        return form(Status.OK, fields("", "scim", "", ""));
    }

    @POST
    public Response create(
            @RestForm @Nullable String form,
            @RestForm @Nullable String name,
            @RestForm @Nullable String type,
            @RestForm("tenant_id") @Nullable String tenantId,
            @RestForm("client_id") @Nullable String clientId,
            @RestForm("client_secret") @Nullable String clientSecret) {
        return frames.sent(form, () -> {
            var fields = fields(name, type, tenantId, clientId).with("client_secret", clientSecret);
            var wanted = new DirectoryWanted(
                    fields.text("name"),
                    fields.text("type"),
                    null,
                    fields.text("tenant_id"),
                    fields.text("client_id"),
                    fields.text("client_secret"));
            if (!fields.hold(validator.validate(wanted))) {
                return form(PageResponse.INVALID, fields);
            }
            try {
                UUID account = visitor.accountId();
                var made = transactions
                        .inAccount(account)
                        .call(transaction -> directories.create(transaction, account, wanted));
                return PageResponse.to(address() + "/" + made.id());
            } catch (RequestException refused) {
                return form(PageResponse.INVALID, fields.refused(refused));
            }
        });
    }

    @GET
    @Path("{id}")
    public Response show(@RestPath UUID id) {
        return show(id, Status.OK, Made.NOTHING, null);
    }

    @POST
    @Path("{id}/{state:disable|enable}")
    public Response change(@RestPath UUID id, @RestPath String state, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            directories.change(
                    visitor.accountId(),
                    id,
                    new DirectoryWanted(null, null, state.equals("disable"), null, null, null),
                    Expected.ANY);
            return PageResponse.to(address() + "/" + id);
        });
    }

    /** Asks it now. */
    @POST
    @Path("{id}/runs")
    public Response run(@RestPath UUID id, @RestForm @Nullable String form) {
        return frames.sent(
                form,
                () -> tried(id, () -> {
                    directories.want(visitor.accountId(), id);
                    return PageResponse.to(address() + "/" + id);
                }));
    }

    /** Shows the token in the answer itself: there is no address at which it could be seen again. */
    @POST
    @Path("{id}/tokens")
    public Response addToken(@RestPath UUID id, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            var issued = tokens.createForDirectory(visitor.accountId(), id, null, null);
            return show(id, Status.CREATED, new Made(issued.text().value(), null), null);
        });
    }

    @POST
    @Path("{id}/tokens/{token}/delete")
    public Response deleteToken(@RestPath UUID id, @RestPath UUID token, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            tokens.delete(visitor.accountId(), TokenOwner.DIRECTORY, id, token);
            return PageResponse.to(address() + "/" + id);
        });
    }

    /** Shows where it is linked: a page leads to no other site by itself. */
    @POST
    @Path("{id}/setup_links")
    public Response link(@RestPath UUID id, @RestForm @Nullable String form) {
        return frames.sent(
                form,
                () -> tried(id, () -> {
                    String link = workos.link(visitor.accountId(), id, web.of(address() + "/" + id));
                    return show(id, Status.CREATED, new Made(null, link), null);
                }));
    }

    @GET
    @Path("{id}/delete")
    public Response confirm(@RestPath UUID id) {
        return PageResponse.page(Templates.deleteDirectory(frame(), directories.get(visitor.accountId(), id)));
    }

    /** @param people what becomes of those that it has made */
    @POST
    @Path("{id}/delete")
    public Response delete(@RestPath UUID id, @RestForm @Nullable String form, @RestForm @Nullable String people) {
        return frames.sent(form, () -> {
            String word = PageQuery.word("people", people, "keep|delete");
            directories.delete(
                    visitor.accountId(),
                    id,
                    word == null ? null : DirectoryService.People.valueOf(word.toUpperCase(Locale.ROOT)),
                    Expected.ANY);
            return PageResponse.to(address());
        });
    }

    /** Does it, or says on the directory's page why not. */
    private Response tried(UUID id, Supplier<Response> work) {
        try {
            return work.get();
        } catch (RequestException refused) {
            if (refused.kind() != RequestException.Kind.CONFLICT) {
                throw refused;
            }
            return show(id, Status.CONFLICT, Made.NOTHING, refused.getMessage());
        }
    }

    private Response show(UUID id, StatusType status, Made made, @Nullable String error) {
        UUID account = visitor.accountId();
        var first = PageRequest.first(PageRequest.MOST);
        return PageResponse.page(
                status,
                Templates.directory(
                        frame(),
                        new Directory(
                                directories.get(account, id),
                                syncs.runs(account, id, LATEST).rows().reversed(),
                                tokens.page(account, TokenOwner.DIRECTORY, id, first)
                                        .rows(),
                                web.ofApi()),
                        made,
                        error));
    }

    private static Fields fields(
            @Nullable String name, @Nullable String type, @Nullable String tenantId, @Nullable String clientId) {
        return new Fields()
                .with("name", name)
                .with("type", type)
                .with("tenant_id", tenantId)
                .with("client_id", clientId)
                .with("client_secret", null);
    }

    private Response form(StatusType status, Fields fields) {
        return PageResponse.page(status, Templates.newDirectory(frame(), fields));
    }

    private Frame frame() {
        return frames.of("settings");
    }

    private String address() {
        return "/" + visitor.account().slug() + "/directories";
    }
}
