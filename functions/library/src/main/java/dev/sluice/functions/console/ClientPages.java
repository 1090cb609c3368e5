package dev.sluice.functions.console;

import dev.sluice.functions.actor.ActorService;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.device.ClientService;
import dev.sluice.functions.device.ClientView;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.sql.Transactions;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** The devices of people, and which of them an admin knows to be whose they say. */
@Path(Door.PAGES + "{account}/clients")
@Produces(PageResponse.HTML)
@Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
@SignedIn
@OnBehalf
@RunOnVirtualThread
public class ClientPages {
    /**
     * A client, and what it has now.
     *
     * @param verifiedFlows those by policies that ask for a verified client
     */
    public record Client(ClientView client, String owner, long flows, long verifiedFlows) {}

    private static final String FLOWS = """
            SELECT count(*) AS flows, count(*) FILTER (WHERE p.conditions @> '[{"property": "client_verified"}]') AS verified
            FROM flow f JOIN policy p ON p.account_id = f.account_id AND p.id = f.policy_id
            WHERE f.account_id = ? AND f.client_id = ?
            """;

    private final Visitor visitor;
    private final Frames frames;
    private final Transactions transactions;
    private final ClientService clients;
    private final ActorService actors;

    @Inject
    ClientPages(Visitor visitor, Frames frames, Transactions transactions, ClientService clients, ActorService actors) {
        this.visitor = visitor;
        this.frames = frames;
        this.transactions = transactions;
        this.clients = clients;
        this.actors = actors;
    }

    @GET
    public Response list(@BeanParam ListQuery query) {
        var page = clients.page(visitor.accountId(), query.request(), query.narrowed(), null);
        return PageResponse.page(
                Templates.clients(frames.of("clients"), page.rows(), Pager.of(address(), query, page)));
    }

    @GET
    @Path("{id}")
    public Response show(@RestPath UUID id) {
        return PageResponse.page(Templates.client(frames.of("clients"), client(id)));
    }

    @POST
    @Path("{id}/{state:verify|unverify}")
    public Response verify(@RestPath UUID id, @RestPath String state, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            clients.verify(visitor.accountId(), id, state.equals("verify"), Expected.ANY);
            return PageResponse.to(address() + "/" + id);
        });
    }

    @GET
    @Path("{id}/delete")
    public Response confirm(@RestPath UUID id) {
        return PageResponse.page(Templates.deleteClient(frames.of("clients"), client(id)));
    }

    @POST
    @Path("{id}/delete")
    public Response delete(@RestPath UUID id, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            clients.delete(visitor.accountId(), id, Expected.ANY);
            return PageResponse.to(address());
        });
    }

    private Client client(UUID id) {
        UUID account = visitor.accountId();
        var client = clients.get(account, id);
        String owner = actors.get(account, client.actorId()).name();
        return transactions
                .inAccount(account)
                .glance(transaction -> transaction.one(
                        FLOWS,
                        row -> new Client(client, owner, row.number("flows"), row.number("verified")),
                        account,
                        id));
    }

    private String address() {
        return "/" + visitor.account().slug() + "/clients";
    }
}
