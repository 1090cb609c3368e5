package dev.sluice.functions.console;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.auth.BrowserSession;
import dev.sluice.functions.auth.Sessions;
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
import java.util.UUID;
import org.jboss.resteasy.reactive.RestForm;
import org.jspecify.annotations.Nullable;

/** How people leave. */
@Path(Door.PAGES + "{account}/sign_out")
@Produces(PageResponse.HTML)
@Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
@SignedIn(SignedIn.Who.ANYBODY)
@OnBehalf
@RunOnVirtualThread
public class SignOutPages {
    private final Visitor visitor;
    private final Frames frames;
    private final Sessions sessions;
    private final Cookies cookies;

    @Inject
    SignOutPages(Visitor visitor, Frames frames, Sessions sessions, Cookies cookies) {
        this.visitor = visitor;
        this.frames = frames;
        this.sessions = sessions;
        this.cookies = cookies;
    }

    /** For whoever types the address; a link alone, of whomever, signs nobody out. */
    @GET
    public Response ask() {
        return PageResponse.page(Templates.signOut(frames.of("sign_out")));
    }

    @POST
    public Response signOut(@RestForm @Nullable String form) {
        var session = visitor.session();
        return frames.sent(form, () -> {
            sessions.end(session);
            return Response.status(Status.SEE_OTHER)
                    .header(HttpHeaders.LOCATION, "/" + visitor.account().slug() + "/sign_in" + from(session))
                    .cookie(cookies.signedOut(session.accountId()))
                    .build();
        });
    }

    /** Where they signed in they may be signed in still. */
    private static String from(BrowserSession session) {
        UUID provider = session.person().providerId();
        return provider == null ? "" : "?from=" + provider;
    }
}
