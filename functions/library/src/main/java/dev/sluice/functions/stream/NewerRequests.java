package dev.sluice.functions.stream;

import dev.sluice.channel.ForeignPeer;
import dev.sluice.channel.Frame;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;

/** What peers since 2026 say that those before did not, and that changes nothing here. */
@ApplicationScoped
public class NewerRequests {
    /** The peer has no relays, and asks for some. */
    private static final String NO_RELAYS = "no_relays";
    /** What its transport can do, which is the peers' own business. */
    private static final String CAPABILITIES = "set_snownet_capabilities";
    /** It asks for a name in a pool of devices. */
    private static final String DEVICE_POOL = "resolve_device_pool_domain";

    private final Relays relays;

    @Inject
    public NewerRequests(Relays relays) {
        this.relays = relays;
    }

    boolean isOne(Frame frame) {
        return switch (frame.event()) {
            case NO_RELAYS, CAPABILITIES, DEVICE_POOL -> true;
            default -> false;
        };
    }

    /** What to answer; null for nothing. */
    @Nullable Frame answer(Frame frame) {
        return switch (frame.event()) {
            case NO_RELAYS -> ForeignPeer.relays(frame.topic(), relays.all());
            case DEVICE_POOL -> ForeignPeer.unresolved(frame);
            default -> null;
        };
    }
}
