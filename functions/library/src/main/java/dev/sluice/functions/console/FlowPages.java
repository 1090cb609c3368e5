package dev.sluice.functions.console;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.flow.Flow;
import dev.sluice.functions.flow.FlowService;
import dev.sluice.functions.sql.RequestException;
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
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.Response.StatusType;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Who reaches what now. */
@Path(Door.PAGES + "{account}/flows")
@Produces(PageResponse.HTML)
@Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
@SignedIn
@OnBehalf
@RunOnVirtualThread
public class FlowPages {
    private final Visitor visitor;
    private final Frames frames;
    private final FlowService flows;
    private final Called called;

    @Inject
    FlowPages(Visitor visitor, Frames frames, FlowService flows, Called called) {
        this.visitor = visitor;
        this.frames = frames;
        this.flows = flows;
        this.called = called;
    }

    @GET
    public Response list(
            @BeanParam ListQuery query, @RestQuery @Nullable String who, @RestQuery @Nullable String what) {
        var fields = new Fields().with("who", who).with("what", what);
        try {
            var page = flows.page(
                    visitor.accountId(),
                    called.person(fields, "who"),
                    null,
                    called.resource(fields, "what"),
                    query.request());
            return list(Status.OK, fields, Pager.of(fields.narrow(address()), query, page), page.rows());
        } catch (RequestException refused) {
            return list(
                    PageResponse.INVALID, fields.refused(refused), Pager.of(address(), query, Page.empty()), List.of());
        }
    }

    private Response list(StatusType status, Fields fields, Pager pager, List<Flow> rows) {
        return PageResponse.page(status, Templates.flows(frames.of("flows"), rows, fields, pager));
    }

    @POST
    @Path("{id}/end")
    public Response end(@RestPath UUID id, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            flows.end(visitor.accountId(), id);
            return PageResponse.to(address());
        });
    }

    private String address() {
        return "/" + visitor.account().slug() + "/flows";
    }
}
