package dev.sluice.functions.console;

import dev.sluice.functions.address.IpNetwork;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.flow.Explanation;
import dev.sluice.functions.flow.ExplanationService;
import dev.sluice.functions.sql.RequestException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.Response.StatusType;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Why somebody reaches something, or does not. Looks, and changes nothing: what is asked stands in the address. */
@Path(Door.PAGES + "{account}/explain")
@Produces(PageResponse.HTML)
@SignedIn
@OnBehalf
@RunOnVirtualThread
public class ExplainPages {
    private final Visitor visitor;
    private final Frames frames;
    private final ExplanationService explanations;
    private final Called called;

    @Inject
    ExplainPages(Visitor visitor, Frames frames, ExplanationService explanations, Called called) {
        this.visitor = visitor;
        this.frames = frames;
        this.explanations = explanations;
        this.called = called;
    }

    @GET
    public Response explain(
            @RestQuery @Nullable String who,
            @RestQuery @Nullable String what,
            @RestQuery @Nullable String at,
            @RestQuery("remote_ip") @Nullable String remoteIp,
            @RestQuery @Nullable String region) {
        var fields = new Fields()
                .with("who", who)
                .with("what", what)
                .with("at", at)
                .with("remote_ip", remoteIp)
                .with("region", region);
        if (who == null && what == null) {
            return page(Status.OK, fields, null);
        }
        try {
            UUID actor = called.person(fields, "who");
            UUID resource = called.resource(fields, "what");
            if (actor == null || resource == null) {
                throw RequestException.argument(actor == null ? "who" : "what", "Say who is to reach what.");
            }
            return page(
                    Status.OK,
                    fields,
                    explanations.explain(new ExplanationService.Question(
                            visitor.accountId(),
                            null,
                            actor,
                            resource,
                            time(fields),
                            address(fields),
                            country(fields))));
        } catch (RequestException refused) {
            return page(PageResponse.INVALID, fields.refused(refused), null);
        }
    }

    private static @Nullable Instant time(Fields fields) {
        String text = fields.text("at");
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw RequestException.argument("at", "Write a time as 2026-01-31T09:00:00Z.");
        }
    }

    private static @Nullable String address(Fields fields) {
        String text = fields.text("remote_ip");
        if (text != null && IpNetwork.literal(text).isEmpty()) {
            throw RequestException.argument("remote_ip", "Write an address as 192.0.2.1 or 2001:db8::1.");
        }
        return text;
    }

    private static @Nullable String country(Fields fields) {
        String text = fields.text("region");
        if (text != null && !text.matches("[A-Za-z]{2}")) {
            throw RequestException.argument("region", "Write the two letters of a country, as DE.");
        }
        return text;
    }

    private Response page(StatusType status, Fields fields, @Nullable Explanation explanation) {
        return PageResponse.page(status, Templates.explain(frames.of("explain"), fields, explanation));
    }
}
