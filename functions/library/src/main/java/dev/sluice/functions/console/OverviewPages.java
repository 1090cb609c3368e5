package dev.sluice.functions.console;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.settings.WebAddress;
import dev.sluice.functions.sql.Transactions;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;

/** An account at a glance. */
@Path(Door.PAGES + "{account}")
@Produces(PageResponse.HTML)
@SignedIn
@OnBehalf
@RunOnVirtualThread
public class OverviewPages {
    private final Visitor visitor;
    private final Transactions transactions;
    private final Frames frames;
    private final WebAddress web;

    @Inject
    OverviewPages(Visitor visitor, Transactions transactions, Frames frames, WebAddress web) {
        this.visitor = visitor;
        this.transactions = transactions;
        this.frames = frames;
        this.web = web;
    }

    @GET
    public Response overview() {
        var id = visitor.account().id();
        return transactions
                .inAccount(id)
                .glance(transaction -> PageResponse.page(Templates.overview(
                        frames.of("overview"),
                        Overview.read(transaction, id),
                        Waiting.read(transaction, id),
                        web.ofDevices())));
    }
}
