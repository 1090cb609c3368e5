package dev.sluice.functions.console;

import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.account.OwnAccountWanted;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.PageQuery;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.policy.PolicyTestService;
import dev.sluice.functions.policy.PolicyTestWanted;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transactions;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Validator;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.Response.StatusType;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** What an account asserts of its policies: who can reach something, and who cannot, whatever is changed. */
@Path(Door.PAGES + "{account}/policy_tests")
@Produces(PageResponse.HTML)
@Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
@SignedIn
@OnBehalf
@RunOnVirtualThread
public class PolicyTestPages {
    private static final List<String> FIELDS =
            List.of("name", "actor_id", "resource_id", "can_reach", "at", "remote_ip", "region", "verified");

    private final Visitor visitor;
    private final Frames frames;
    private final Transactions transactions;
    private final PolicyTestService tests;
    private final AccountService accounts;
    private final Called called;
    private final Validator validator;

    @Inject
    PolicyTestPages(
            Visitor visitor,
            Frames frames,
            Transactions transactions,
            PolicyTestService tests,
            AccountService accounts,
            Called called,
            Validator validator) {
        this.visitor = visitor;
        this.frames = frames;
        this.transactions = transactions;
        this.tests = tests;
        this.accounts = accounts;
        this.called = called;
        this.validator = validator;
    }

    /** Each with what becomes of it now. */
    @GET
    public Response list() {
        UUID account = visitor.accountId();
        return PageResponse.page(Templates.policyTests(
                frames.of("policies"),
                tests.run(account),
                accounts.settings(account).policyTestsEnforced()));
    }

    @GET
    @Path("new")
    public Response ask() {
        return form(Status.OK, new Fields().with("can_reach", "true"));
    }

    @POST
    public Response create(@RestForm @Nullable String form, MultivaluedMap<String, String> sent) {
        return frames.sent(form, () -> {
            var fields = new Fields();
            FIELDS.forEach(field -> fields.with(field, sent.getFirst(field)));
            try {
                var wanted = new PolicyTestWanted(
                        fields.text("name"),
                        called.person(fields, "actor_id"),
                        called.resource(fields, "resource_id"),
                        "true".equals(fields.text("can_reach")),
                        PageQuery.time("at", fields.text("at")),
                        fields.text("remote_ip"),
                        fields.text("region"),
                        fields.text("verified") != null);
                if (!fields.hold(validator.validate(wanted))) {
                    return form(PageResponse.INVALID, fields);
                }
                UUID account = visitor.accountId();
                transactions.inAccount(account).call(transaction -> tests.create(transaction, account, wanted));
                return PageResponse.to(address());
            } catch (BadRequestException malformed) {
                return form(PageResponse.INVALID, fields.wrong("at", String.valueOf(malformed.getMessage())));
            } catch (RequestException refused) {
                return form(PageResponse.INVALID, fields.refused(refused));
            }
        });
    }

    /** Whether a change is refused that breaks one of them. */
    @POST
    @Path("{state:enforce|relax}")
    public Response enforce(@RestPath String state, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            accounts.change(
                    visitor.accountId(), new OwnAccountWanted(null, state.equals("enforce"), null, null), Expected.ANY);
            return PageResponse.to(address());
        });
    }

    @POST
    @Path("{id}/delete")
    public Response delete(@RestPath UUID id, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            tests.delete(visitor.accountId(), id, Expected.ANY);
            return PageResponse.to(address());
        });
    }

    private Response form(StatusType status, Fields fields) {
        return PageResponse.page(status, Templates.newPolicyTest(frames.of("policies"), fields));
    }

    private String address() {
        return "/" + visitor.account().slug() + "/policy_tests";
    }
}
