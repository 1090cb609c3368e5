package dev.sluice.functions.console;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.auth.TokenService;
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

/** By what gateways, clients, programs and browsers are signed in, of the whole account. */
@Path(Door.PAGES + "{account}/tokens")
@Produces(PageResponse.HTML)
@Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
@SignedIn
@OnBehalf
@RunOnVirtualThread
public class TokenPages {
    private final Visitor visitor;
    private final Frames frames;
    private final TokenService tokens;

    @Inject
    TokenPages(Visitor visitor, Frames frames, TokenService tokens) {
        this.visitor = visitor;
        this.frames = frames;
        this.tokens = tokens;
    }

    @GET
    public Response list(@BeanParam ListQuery query) {
        var page = tokens.page(visitor.accountId(), query.narrowed(), query.request());
        return PageResponse.page(Templates.tokens(
                frames.of("settings"), page.rows(), visitor.session().tokenId(), Pager.of(address(), query, page)));
    }

    @POST
    @Path("{id}/delete")
    public Response delete(@RestPath UUID id, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            tokens.delete(visitor.accountId(), id);
            return PageResponse.to(address());
        });
    }

    private String address() {
        return "/" + visitor.account().slug() + "/tokens";
    }
}
