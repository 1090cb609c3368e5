package dev.sluice.functions.console;

import dev.sluice.functions.actor.ActorService;
import dev.sluice.functions.actor.ActorView;
import dev.sluice.functions.actor.ActorWanted;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.auth.TokenOwner;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.auth.TokenView;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.identity.Identities;
import dev.sluice.functions.identity.IdentityService;
import dev.sluice.functions.identity.IdentityView;
import dev.sluice.functions.identity.Passwords;
import dev.sluice.functions.identity.ProviderType;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** Who there is: people, and the service accounts and API clients beside them. */
@Path(Door.PAGES + "{account}/people")
@Produces(PageResponse.HTML)
@Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
@SignedIn
@OnBehalf
@RunOnVirtualThread
public class PeoplePages {
    /**
     * What somebody has now: so many flows.
     *
     * @param takesPassword whether they may be given one
     */
    public record Person(
            ActorView actor,
            List<TokenView> tokens,
            List<IdentityView> identities,
            long flows,
            boolean takesPassword) {}

    /** How long a token is good. */
    private static final Duration TOKEN_LIFE = Duration.ofDays(30);

    private static final String FLOWS = """
            SELECT count(*) FROM flow f JOIN client c ON c.account_id = f.account_id AND c.id = f.client_id
            WHERE f.account_id = ? AND c.actor_id = ?
            """;

    private final Visitor visitor;
    private final Frames frames;
    private final Transactions transactions;
    private final ActorService actors;
    private final TokenService tokens;
    private final WebAddress web;
    private final Passwords passwords;
    private final Identities identities;
    private final IdentityService known;
    private final Validator validator;

    @Inject
    PeoplePages(
            Visitor visitor,
            Frames frames,
            Transactions transactions,
            ActorService actors,
            TokenService tokens,
            WebAddress web,
            Passwords passwords,
            Identities identities,
            IdentityService known,
            Validator validator) {
        this.visitor = visitor;
        this.frames = frames;
        this.transactions = transactions;
        this.actors = actors;
        this.tokens = tokens;
        this.web = web;
        this.passwords = passwords;
        this.identities = identities;
        this.known = known;
        this.validator = validator;
    }

    @GET
    public Response list(@BeanParam ListQuery query) {
        var page = actors.page(visitor.accountId(), query.request(), query.narrowed(), null, null);
        return PageResponse.page(Templates.people(frames.of("people"), page.rows(), Pager.of(address(), query, page)));
    }

    @GET
    @Path("new")
    public Response ask() {
        return form(Status.OK, new Fields().with("type", "account_user"));
    }

    @POST
    public Response create(
            @RestForm @Nullable String form,
            @RestForm @Nullable String name,
            @RestForm @Nullable String type,
            @RestForm @Nullable String email) {
        return frames.sent(form, () -> {
            var fields = new Fields().with("name", name).with("type", type).with("email", email);
            var wanted = new ActorWanted(fields.text("name"), fields.text("type"), fields.text("email"), null);
            if (!fields.hold(validator.validate(wanted))) {
                return form(PageResponse.INVALID, fields);
            }
            try {
                UUID account = visitor.accountId();
                var actor = transactions
                        .inAccount(account)
                        .call(transaction -> actors.create(transaction, account, wanted));
                return PageResponse.to(address() + "/" + actor.id());
            } catch (RequestException refused) {
                return form(PageResponse.INVALID, fields.refused(refused));
            }
        });
    }

    @GET
    @Path("{id}")
    public Response show(@RestPath UUID id) {
        return show(id, Status.OK, null, Input.EMPTY);
    }

    @GET
    @Path("{id}/edit")
    public Response edit(@RestPath UUID id) {
        var actor = actors.get(visitor.accountId(), id);
        return edit(
                actor,
                Status.OK,
                new Fields()
                        .with("name", actor.name())
                        .with("type", actor.type())
                        .with("email", actor.email()));
    }

    /**
     * What the form does not have stays: of whoever a directory has made, it says all but the type.
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
            @RestForm @Nullable String type,
            @RestForm @Nullable String email) {
        return frames.sent(form, () -> {
            var actor = actors.get(visitor.accountId(), id);
            var fields = new Fields().with("name", name).with("type", type).with("email", email);
            if (!fields.areOf(actor.version(), version, text(actor))) {
                return edit(actor, Status.CONFLICT, fields);
            }
            var wanted = new ActorWanted(
                    name == null ? null : fields.of("name").value(), fields.text("type"), fields.text("email"), null);
            if (!fields.hold(validator.validate(wanted))) {
                return edit(actor, PageResponse.INVALID, fields);
            }
            try {
                actors.change(visitor.accountId(), id, wanted, Expected.of(actor.version()));
                return PageResponse.to(address() + "/" + id);
            } catch (RequestException refused) {
                return edit(actor, PageResponse.INVALID, fields.refused(refused));
            }
        });
    }

    private static String text(ActorView actor) {
        return actor.name() + ", " + actor.type() + (actor.email() == null ? "" : ", " + actor.email());
    }

    private Response edit(ActorView actor, StatusType status, Fields fields) {
        return PageResponse.page(status, Templates.editPerson(frames.of("people"), actor, fields));
    }

    /** Is shown to nobody again: whoever gives it to them has it. */
    @POST
    @Path("{id}/password")
    public Response setPassword(
            @RestPath UUID id, @RestForm @Nullable String form, @RestForm @Nullable String password) {
        return frames.sent(form, () -> {
            try {
                passwords.set(visitor.accountId(), id, password);
                return PageResponse.to(address() + "/" + id);
            } catch (RequestException refused) {
                return show(id, PageResponse.INVALID, null, new Input("", refused.getMessage()));
            }
        });
    }

    /** Whoever came in by it is signed out. */
    @POST
    @Path("{id}/identities/{identity}/delete")
    public Response unlink(@RestPath UUID id, @RestPath UUID identity, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            known.delete(visitor.accountId(), id, identity);
            return PageResponse.to(address() + "/" + id);
        });
    }

    @POST
    @Path("{id}/{state:disable|enable}")
    public Response change(@RestPath UUID id, @RestPath String state, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            actors.change(
                    visitor.accountId(), id, new ActorWanted(null, null, null, state.equals("disable")), Expected.ANY);
            return PageResponse.to(address() + "/" + id);
        });
    }

    /** Shows the token in the answer itself: there is no address at which it could be seen again. */
    @POST
    @Path("{id}/tokens")
    public Response addToken(@RestPath UUID id, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            var issued = tokens.createForActor(
                    visitor.accountId(), id, null, Instant.now().plus(TOKEN_LIFE));
            return show(id, Status.CREATED, new MadeToken(issued.text().value(), web.ofDevices()), Input.EMPTY);
        });
    }

    @POST
    @Path("{id}/tokens/{token}/delete")
    public Response deleteToken(@RestPath UUID id, @RestPath UUID token, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            tokens.delete(visitor.accountId(), TokenOwner.ACTOR, id, token);
            return PageResponse.to(address() + "/" + id);
        });
    }

    @GET
    @Path("{id}/delete")
    public Response confirm(@RestPath UUID id) {
        return PageResponse.page(Templates.deletePerson(frames.of("people"), person(id)));
    }

    @POST
    @Path("{id}/delete")
    public Response delete(@RestPath UUID id, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            actors.delete(visitor.accountId(), id, Expected.ANY);
            return PageResponse.to(address());
        });
    }

    private Person person(UUID id) {
        UUID account = visitor.accountId();
        var actor = actors.get(account, id);
        return new Person(
                actor,
                tokens.page(account, TokenOwner.ACTOR, id, PageRequest.first(PageRequest.MOST))
                        .rows(),
                known.page(account, id, PageRequest.first(PageRequest.MOST)).rows(),
                transactions
                        .inAccount(account)
                        .glance(transaction -> transaction.one(FLOWS, row -> row.number("count"), account, id)),
                actor.email() != null
                        && identities.entrances(account).stream()
                                .anyMatch(entrance -> entrance.type() == ProviderType.PASSWORD));
    }

    private Response show(UUID id, StatusType status, @Nullable MadeToken made, Input password) {
        return PageResponse.page(status, Templates.person(frames.of("people"), person(id), made, password));
    }

    private Response form(StatusType status, Fields fields) {
        return PageResponse.page(status, Templates.newPerson(frames.of("people"), fields));
    }

    private String address() {
        return "/" + visitor.account().slug() + "/people";
    }
}
