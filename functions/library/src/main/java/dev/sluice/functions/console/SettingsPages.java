package dev.sluice.functions.console;

import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.account.AccountSettings;
import dev.sluice.functions.account.OwnAccountWanted;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.sql.RequestException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Validator;
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

/** What holds for all of an account. */
@Path(Door.PAGES + "{account}/settings")
@Produces(PageResponse.HTML)
@Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
@SignedIn
@OnBehalf
@RunOnVirtualThread
public class SettingsPages {
    private static final String NAME = "name";
    private static final String SEARCH_DOMAIN = "search_domain";
    private static final String UPSTREAM_DNS = "upstream_dns";

    private final Visitor visitor;
    private final Frames frames;
    private final AccountService accounts;
    private final Validator validator;

    @Inject
    SettingsPages(Visitor visitor, Frames frames, AccountService accounts, Validator validator) {
        this.visitor = visitor;
        this.frames = frames;
        this.accounts = accounts;
        this.validator = validator;
    }

    @GET
    public Response show() {
        var account = accounts.settings(visitor.accountId());
        return show(
                account,
                Status.OK,
                new Fields()
                        .with(NAME, account.name())
                        .with(SEARCH_DOMAIN, account.searchDomain())
                        .with(UPSTREAM_DNS, String.join(", ", account.upstreamDns())));
    }

    /** @param version that was shown */
    @POST
    public Response change(
            @RestForm @Nullable String form,
            @RestForm @Nullable String version,
            @RestForm @Nullable String name,
            @RestForm(SEARCH_DOMAIN) @Nullable String searchDomain,
            @RestForm(UPSTREAM_DNS) @Nullable String upstreamDns) {
        return frames.sent(form, () -> {
            var account = accounts.settings(visitor.accountId());
            var fields = new Fields()
                    .with(NAME, name)
                    .with(SEARCH_DOMAIN, searchDomain)
                    .with(UPSTREAM_DNS, upstreamDns);
            if (!fields.areOf(account.version(), version, text(account))) {
                return show(account, Status.CONFLICT, fields);
            }
            var wanted = new OwnAccountWanted(
                    fields.of(NAME).value(), null, fields.of(SEARCH_DOMAIN).value(), fields.words(UPSTREAM_DNS));
            if (!fields.hold(validator.validate(wanted))) {
                return show(account, PageResponse.INVALID, fields);
            }
            try {
                accounts.change(account.id(), wanted, Expected.of(account.version()));
                return PageResponse.to("/" + account.slug() + "/settings");
            } catch (RequestException refused) {
                return show(account, PageResponse.INVALID, fields.refused(refused));
            }
        });
    }

    private static String text(AccountSettings account) {
        return account.name() + ", completing names with "
                + (account.searchDomain() == null ? "nothing" : account.searchDomain()) + ", asking "
                + (account.upstreamDns().isEmpty()
                        ? "the system's resolvers"
                        : String.join(" and ", account.upstreamDns()));
    }

    private Response show(AccountSettings account, StatusType status, Fields fields) {
        return PageResponse.page(status, Templates.settings(frames.of("settings"), account, fields));
    }
}
