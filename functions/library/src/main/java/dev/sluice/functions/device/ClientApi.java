package dev.sluice.functions.device;

import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.Name;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.PageQuery;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.Narrowing;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Clients. They are made by signing in. */
@Path(ClientApi.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Clients", description = "The devices from which actors reach resources.")
@OnBehalf
@RunOnVirtualThread
public class ClientApi {
    static final String PATH = "/clients";

    /** What is asked for, by its name. */
    @Schema(name = "ClientBody")
    public record Body(
            @NotNull(message = "is missing") @Valid Wanted client) {}

    /** What a client is to be. */
    @Schema(name = "ClientWanted")
    public record Wanted(
            @NotNull(message = "is missing") @Pattern(regexp = Name.PATTERN, message = Name.RULE) String name) {}

    private final Transactions transactions;
    private final Clients clients;
    private final CurrentRequest request;

    @Inject
    ClientApi(Transactions transactions, Clients clients, CurrentRequest request) {
        this.transactions = transactions;
        this.clients = clients;
        this.request = request;
    }

    @GET
    @Operation(
            summary = "List clients",
            description =
                    "In the order of their making; name narrows to those that begin so, actor_id to those of one.")
    public Envelope.Many<ClientView> list(
            @BeanParam PageQuery query,
            @RestQuery @Nullable String name,
            @RestQuery("actor_id") @Nullable String actorId) {
        var page = query.request();
        var narrowing = Narrowing.NONE.named(name).with("actorId", PageQuery.id("actor_id", actorId));
        UUID account = request.accountId();
        return Envelope.of(
                transactions
                        .inAccount(account)
                        .search(transaction ->
                                clients.page(account, page, narrowing).map(ClientView::of)),
                page.limit());
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Show a client")
    public RestResponse<Envelope.One<ClientView>> get(@RestPath UUID id) {
        UUID account = request.accountId();
        return Envelope.of(
                transactions.inAccount(account).call(transaction -> ClientView.of(clients.get(account, id))));
    }

    @PUT
    @Path("{id}")
    @Operation(summary = "Rename a client")
    public RestResponse<Envelope.One<ClientView>> update(
            @RestPath UUID id,
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return change(
                id,
                ifMatch,
                (transaction, client) -> client.rename(body.client().name()));
    }

    @PATCH
    @Path("{id}")
    @Operation(summary = "Rename a client")
    public RestResponse<Envelope.One<ClientView>> patch(
            @RestPath UUID id,
            @NotNull(message = "is missing") @Valid Body body,
            @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return update(id, body, ifMatch);
    }

    @PUT
    @Path("{id}/verify")
    @Operation(summary = "Say that a client is whose it claims to be", description = "Conditions may ask for that.")
    public RestResponse<Envelope.One<ClientView>> verify(
            @RestPath UUID id, @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return change(id, ifMatch, (transaction, client) -> {
            if (client.verifiedAt() == null) {
                client.verify(transaction.now());
            }
        });
    }

    @PUT
    @Path("{id}/unverify")
    @Operation(summary = "Take that back", description = "What policies allow to verified clients alone ends.")
    public RestResponse<Envelope.One<ClientView>> unverify(
            @RestPath UUID id, @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return change(id, ifMatch, (transaction, client) -> client.verify(null));
    }

    @DELETE
    @Path("{id}")
    @Operation(
            summary = "Delete a client",
            description = "Its access ends. With a token that is still good it comes back as a new one.")
    public RestResponse<Envelope.One<ClientView>> delete(
            @RestPath UUID id, @RestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return change(id, ifMatch, (transaction, client) -> clients.delete(client));
    }

    private RestResponse<Envelope.One<ClientView>> change(
            UUID id, @Nullable String ifMatch, BiConsumer<Transaction, ClientEntity> change) {
        UUID account = request.accountId();
        return Envelope.of(transactions.inAccount(account).call(transaction -> {
            Turns.take(transaction, account);
            var client = clients.take(account, id, Expected.parse(ifMatch));
            change.accept(transaction, client);
            clients.flush();
            return ClientView.of(client);
        }));
    }
}
