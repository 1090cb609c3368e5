package dev.sluice.functions.console;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.auth.Sessions;
import dev.sluice.functions.sql.Transactions;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import org.jboss.resteasy.reactive.RestForm;
import org.jspecify.annotations.Nullable;

/** An account at a glance. */
@Path(Door.PAGES + "{account}")
@Produces(PageResponse.HTML)
@SignedIn
@OnBehalf
@RunOnVirtualThread
public class OverviewPages {
    private final Visitor visitor;
    private final Transactions transactions;
    private final Sessions sessions;
    private final Cookies cookies;
    private final Frames frames;

    @Inject
    OverviewPages(Visitor visitor, Transactions transactions, Sessions sessions, Cookies cookies, Frames frames) {
        this.visitor = visitor;
        this.transactions = transactions;
        this.sessions = sessions;
        this.cookies = cookies;
        this.frames = frames;
    }

    @GET
    public Response overview() {
        var id = visitor.account().id();
        return PageResponse.page(Templates.overview(
                frames.of("overview"),
                transactions.inAccount(id).glance(transaction -> Overview.read(transaction, id))));
    }

    @POST
    @Path("sign_out")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response signOut(@RestForm @Nullable String form) {
        var session = visitor.session();
        return frames.sent(form, () -> {
            sessions.end(session);
            return Response.status(Status.SEE_OTHER)
                    .header(HttpHeaders.LOCATION, "/" + visitor.account().slug() + "/sign_in")
                    .cookie(cookies.signedOut(session.accountId()))
                    .build();
        });
    }
}
