package dev.sluice.functions.console;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.flow.FlowService;
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

    @Inject
    FlowPages(Visitor visitor, Frames frames, FlowService flows) {
        this.visitor = visitor;
        this.frames = frames;
        this.flows = flows;
    }

    @GET
    public Response list(@BeanParam ListQuery query) {
        var page = flows.page(visitor.accountId(), null, null, query.request());
        return PageResponse.page(Templates.flows(frames.of("flows"), page.rows(), Pager.of(address(), query, page)));
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
