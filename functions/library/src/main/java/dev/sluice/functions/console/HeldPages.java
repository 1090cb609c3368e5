package dev.sluice.functions.console;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.PageQuery;
import dev.sluice.functions.directory.DirectoryService;
import dev.sluice.functions.directory.sync.SyncService;
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

/** What a directory does not mention any more, where that is much at once: an admin decides whether it goes. */
@Path(Door.PAGES + "{account}/directories/{id}/held")
@Produces(PageResponse.HTML)
@Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
@SignedIn
@OnBehalf
@RunOnVirtualThread
public class HeldPages {
    private final Visitor visitor;
    private final Frames frames;
    private final DirectoryService directories;
    private final SyncService syncs;

    @Inject
    HeldPages(Visitor visitor, Frames frames, DirectoryService directories, SyncService syncs) {
        this.visitor = visitor;
        this.frames = frames;
        this.directories = directories;
        this.syncs = syncs;
    }

    @GET
    public Response list(@RestPath UUID id, @BeanParam PageQuery query) {
        UUID account = visitor.accountId();
        var held = syncs.held(account, id, query.request());
        return PageResponse.page(Templates.held(
                frames.of("settings"),
                directories.get(account, id),
                held.rows(),
                Pager.of(address(id) + "/held", held)));
    }

    @POST
    @Path("apply")
    public Response apply(@RestPath UUID id, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            syncs.apply(visitor.accountId(), id);
            return PageResponse.to(address(id));
        });
    }

    @POST
    @Path("discard")
    public Response discard(@RestPath UUID id, @RestForm @Nullable String form) {
        return frames.sent(form, () -> {
            syncs.discard(visitor.accountId(), id);
            return PageResponse.to(address(id));
        });
    }

    private String address(UUID id) {
        return "/" + visitor.account().slug() + "/directories/" + id;
    }
}
