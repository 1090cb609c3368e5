package dev.sluice.functions.account;

import dev.sluice.functions.actor.ActorService;
import dev.sluice.functions.actor.ActorType;
import dev.sluice.functions.api.Creations;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.PageQuery;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transactions;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Accounts, created whole: with an administrator who can do the rest. */
@Path(AccountApi.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Operator", description = "What only whoever runs the portal may do, on the admin listener.")
@OnBehalf
@RunOnVirtualThread
public class AccountApi {
    static final String PATH = Door.OPERATOR + "accounts";

    /** What a new account is to be. */
    @Schema(name = "AccountWanted")
    public record Wanted(
            @NotNull(message = "is missing") @Size(min = 3, max = 64, message = "has 3 to 64 characters") @Pattern(regexp = "[^\\x00-\\x1F\\x7F]*", message = "has no control characters") String name,

            @NotNull(message = "is missing") @Pattern(regexp = AccountService.SLUG, message = "has 3 to 100 characters of a-z, 0-9 and _") String slug,

            @NotNull(message = "is missing") @Pattern(regexp = "[^@\\s\\x00-\\x1F\\x7F]+@[^@\\s\\x00-\\x1F\\x7F]+", message = "is an e-mail address") @Size(max = 255, message = "has 255 characters at most") String adminEmail) {}

    /** What is asked for, by its name. */
    @Schema(name = "AccountBody")
    public record Body(
            @NotNull(message = "is missing") @Valid Wanted account) {}

    private final Transactions transactions;
    private final AccountService accounts;
    private final ActorService actors;

    @Inject
    AccountApi(Transactions transactions, AccountService accounts, ActorService actors) {
        this.transactions = transactions;
        this.accounts = accounts;
        this.actors = actors;
    }

    @GET
    @Operation(
            summary = "List accounts",
            description = "In the order of their making; called narrows to the one of this slug or name.")
    public Envelope.Many<AccountView> list(@BeanParam PageQuery query, @RestQuery @Nullable String called) {
        var page = query.request();
        return Envelope.of(accounts.page(called, page).map(account -> AccountView.of(account, null)), page.limit());
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Show an account")
    public RestResponse<Envelope.One<AccountView>> get(@RestPath UUID id) {
        return Envelope.of(AccountView.of(
                accounts.find(id.toString())
                        .orElseThrow(() -> RequestException.notFound("There is no account " + id + ".")),
                null));
    }

    @POST
    @Operation(summary = "Create an account", description = "With its first admin.")
    public RestResponse<Envelope.One<AccountView>> create(@NotNull(message = "is missing") @Valid Body body) {
        var wanted = body.account();
        var id = Ids.next();
        return Creations.created(PATH, transactions.inAccount(id).call(transaction -> {
            var account = accounts.create(transaction, id, wanted.slug(), wanted.name());
            String email = wanted.adminEmail();
            var admin = actors.create(transaction, id, ActorType.ADMIN, email, email);
            return AccountView.of(account, admin.id());
        }));
    }
}
