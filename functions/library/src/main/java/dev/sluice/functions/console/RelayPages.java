package dev.sluice.functions.console;

import dev.sluice.channel.Relay;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.stream.Relays;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** By what peers reach each other that cannot do so directly. */
@Path(Door.PAGES + "{account}/relays")
@Produces(PageResponse.HTML)
@Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
@SignedIn
@OnBehalf
@RunOnVirtualThread
public class RelayPages {
    private final Frames frames;
    private final Relays relays;

    @Inject
    RelayPages(Frames frames, Relays relays) {
        this.frames = frames;
        this.relays = relays;
    }

    @GET
    public Response list() {
        return PageResponse.page(Templates.relays(
                frames.of("gateways"), relays.all().stream().map(Relay::address).toList()));
    }
}
