package dev.sluice.functions.console;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.identity.IdentityProviderService;
import dev.sluice.functions.identity.IdentityProviderView;
import dev.sluice.functions.identity.IdentityProviderWanted;
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
import java.util.UUID;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** By what the account's people sign in. */
@Path(Door.PAGES + "{account}/identity_providers")
@Produces(PageResponse.HTML)
@Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
@SignedIn
@OnBehalf
@RunOnVirtualThread
public class ProviderPages {
    /** Who is signed in by it now: at browsers, and with clients. */
    public record SignedInBy(long browsers, long clients) {}

    private static final String SIGNED_IN = """
            SELECT count(*) FILTER (WHERE type = 'browser') AS browsers, count(*) FILTER (WHERE type = 'client') AS clients
            FROM token WHERE account_id = ? AND provider_id = ? AND expires_at > now()
            """;

    private final Visitor visitor;
    private final Frames frames;
    private final Transactions transactions;
    private final IdentityProviderService providers;
    private final Validator validator;

    @Inject
    ProviderPages(
            Visitor visitor,
            Frames frames,
            Transactions transactions,
            IdentityProviderService providers,
            Validator validator) {
        this.visitor = visitor;
        this.frames = frames;
        this.transactions = transactions;
        this.providers = providers;
        this.validator = validator;
    }

    @GET
    public Response list(@BeanParam ListQuery query) {
        var page = providers.page(visitor.accountId(), query.request(), query.narrowed(), null);
        return PageResponse.page(Templates.providers(frame(), page.rows(), Pager.of(address(), query, page)));
    }

    @GET
    @Path("new")
    public Response ask() {
        return form(Status.OK, fields("", "oidc", "", ""));
    }

    @POST
    public Response create(
            @RestForm @Nullable String form,
            @RestForm @Nullable String name,
            @RestForm @Nullable String type,
            @RestForm @Nullable String issuer,
            @RestForm("client_id") @Nullable String clientId,
            @RestForm("client_secret") @Nullable String clientSecret) {
        return frames.sent(form, () -> {
            var fields = fields(name, type, issuer, clientId).with("client_secret", clientSecret);
            var wanted = new IdentityProviderWanted(
                    fields.text("name"),
                    fields.text("type"),
                    fields.text("issuer"),
                    fields.text("client_id"),
                    fields.text("client_secret"),
                    null);
            if (!fields.hold(validator.validate(wanted))) {
                return form(PageResponse.INVALID, fields);
            }
            try {
                UUID account = visitor.accountId();
                var made = transactions
                        .inAccount(account)
                        .call(transaction -> providers.create(transaction, account, wanted));
                return PageResponse.to(address() + "/" + made.id());
            } catch (RequestException refused) {
                return form(PageResponse.INVALID, fields.refused(refused));
            }
        });
    }

    @GET
    @Path("{id}")
    public Response show(@RestPath UUID id) {
        return PageResponse.page(Templates.provider(frame(), get(id), signedIn(id)));
    }

    @GET
    @Path("{id}/edit")
    public Response edit(@RestPath UUID id) {
        var provider = get(id);
        return edit(
                provider, Status.OK, fields(provider.name(), provider.type(), provider.issuer(), provider.clientId()));
    }

    /**
     * A secret that is not typed stays as it is.
     *
     * @param version that was shown
     */
    @POST
    @Path("{id}/edit")
    public Response change(
            @RestPath UUID id,
            @RestForm @Nullable String form,
            @RestForm @Nullable String version,
            @RestForm @Nullable String name,
            @RestForm @Nullable String issuer,
            @RestForm("client_id") @Nullable String clientId,
            @RestForm("client_secret") @Nullable String clientSecret) {
        return frames.sent(form, () -> {
            var provider = get(id);
            var fields = fields(name, provider.type(), issuer, clientId);
            if (!fields.areOf(provider.version(), version, text(provider))) {
                return edit(provider, Status.CONFLICT, fields);
            }
            fields.with("client_secret", clientSecret);
            var wanted = new IdentityProviderWanted(
                    fields.of("name").value(),
                    null,
                    fields.text("issuer"),
                    fields.text("client_id"),
                    fields.text("client_secret"),
                    null);
            if (!fields.hold(validator.validate(wanted))) {
                return edit(provider, PageResponse.INVALID, fields);
            }
            try {
                providers.change(visitor.accountId(), id, wanted, Expected.of(provider.version()));
                return PageResponse.to(address() + "/" + id);
            } catch (RequestException refused) {
                return edit(provider, PageResponse.INVALID, fields.refused(refused));
            }
        });
    }

    private static String text(IdentityProviderView provider) {
        return provider.issuer() == null
                ? provider.name()
                : provider.name() + ", at " + provider.issuer() + ", as " + provider.clientId();
    }

    private Response edit(IdentityProviderView provider, StatusType status, Fields fields) {
        return PageResponse.page(status, Templates.editProvider(frame(), provider, fields));
    }

    @POST
    @Path("{id}/{state:disable|enable}")
    public Response change(@RestPath UUID id, @RestPath String state, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            providers.change(
                    visitor.accountId(),
                    id,
                    new IdentityProviderWanted(null, null, null, null, null, state.equals("disable")),
                    Expected.ANY);
            return PageResponse.to(address() + "/" + id);
        });
    }

    @GET
    @Path("{id}/delete")
    public Response confirm(@RestPath UUID id) {
        return PageResponse.page(Templates.deleteProvider(frame(), get(id), signedIn(id)));
    }

    @POST
    @Path("{id}/delete")
    public Response delete(@RestPath UUID id, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            providers.delete(visitor.accountId(), id, Expected.ANY);
            return PageResponse.to(address());
        });
    }

    private IdentityProviderView get(UUID id) {
        return providers.get(visitor.accountId(), id);
    }

    private SignedInBy signedIn(UUID id) {
        UUID account = visitor.accountId();
        return transactions
                .inAccount(account)
                .glance(transaction -> transaction.one(
                        SIGNED_IN, row -> new SignedInBy(row.number("browsers"), row.number("clients")), account, id));
    }

    private static Fields fields(
            @Nullable String name, @Nullable String type, @Nullable String issuer, @Nullable String clientId) {
        return new Fields()
                .with("name", name)
                .with("type", type)
                .with("issuer", issuer)
                .with("client_id", clientId)
                .with("client_secret", null);
    }

    private Response form(StatusType status, Fields fields) {
        return PageResponse.page(status, Templates.newProvider(frame(), fields));
    }

    private Frame frame() {
        return frames.of("settings");
    }

    private String address() {
        return "/" + visitor.account().slug() + "/identity_providers";
    }
}
