package dev.sluice.functions.console;

import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.billing.BillingService;
import dev.sluice.functions.billing.BillingView;
import dev.sluice.functions.settings.WebAddress;
import dev.sluice.functions.sql.RequestException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.Response.StatusType;
import org.jboss.resteasy.reactive.RestForm;
import org.jspecify.annotations.Nullable;

/** What an account's plan has room for, and what it has subscribed to. */
@Path(Door.PAGES + "{account}/billing")
@Produces(PageResponse.HTML)
@Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
@SignedIn
@OnBehalf
@RunOnVirtualThread
public class BillingPages {
    private final Visitor visitor;
    private final Frames frames;
    private final AccountService accounts;
    private final BillingService billing;
    private final WebAddress web;

    @Inject
    BillingPages(Visitor visitor, Frames frames, AccountService accounts, BillingService billing, WebAddress web) {
        this.visitor = visitor;
        this.frames = frames;
        this.accounts = accounts;
        this.billing = billing;
        this.web = web;
    }

    @GET
    public Response show() {
        return show(Status.OK, null, null);
    }

    /** Shows where to go on: a page leads to no other site by itself. */
    @POST
    @Path("session")
    public Response open(@RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            try {
                String back = web.of("/" + visitor.account().slug() + "/billing");
                return show(Status.OK, billing.portal(visitor.accountId(), back), null);
            } catch (RequestException refused) {
                return show(Status.CONFLICT, null, refused.getMessage());
            }
        });
    }

    private Response show(StatusType status, @Nullable String link, @Nullable String error) {
        return PageResponse.page(
                status,
                Templates.billing(
                        frames.of("settings"),
                        accounts.get(visitor.accountId()),
                        billing.isEnabled(),
                        read(),
                        link,
                        error));
    }

    private @Nullable BillingView read() {
        try {
            return billing.get(visitor.accountId());
        } catch (RequestException notYet) {
            return null;
        }
    }
}
