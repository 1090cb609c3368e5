package dev.sluice.functions.stream;

import dev.sluice.channel.BroadcastIceCandidates;
import dev.sluice.channel.BroadcastInvalidatedIceCandidates;
import dev.sluice.channel.Decoded;
import dev.sluice.channel.FlowAuthorized;
import dev.sluice.channel.Frame;
import dev.sluice.channel.GatewayCodec;
import dev.sluice.channel.GatewayToPortal;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.flow.ConfirmationService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;

/** What gateways tell the portal. Only a confirmation has a reply. */
@ApplicationScoped
public class GatewayRequests implements DeviceChannel.Requests {
    private final ConfirmationService confirmations;
    private final CandidateService candidates;
    private final Wake wake;
    private final ChannelMetrics metrics;

    @Inject
    public GatewayRequests(
            ConfirmationService confirmations, CandidateService candidates, Wake wake, ChannelMetrics metrics) {
        this.confirmations = confirmations;
        this.candidates = candidates;
        this.wake = wake;
        this.metrics = metrics;
    }

    @Override
    public @Nullable Frame handle(Device device, Frame frame) {
        return switch (GatewayCodec.decodeRequest(frame)) {
            case Decoded.Message<GatewayToPortal>(var message) -> handle(device, frame, message);
            case Decoded.Unknown<GatewayToPortal> unknown -> {
                metrics.unknown();
                yield Frame.error(frame.topic(), frame.ref(), Frame.UNKNOWN_MESSAGE);
            }
            case Decoded.Malformed<GatewayToPortal> malformed -> {
                metrics.malformed();
                yield Frame.error(frame.topic(), frame.ref(), malformed.problem());
            }
        };
    }

    private @Nullable Frame handle(Device device, Frame frame, GatewayToPortal message) {
        var reply = switch (message) {
            case FlowAuthorized authorized ->
                confirmations.confirm(device.accountId(), device.id(), authorized.ref())
                        ? Frame.ok(frame.topic(), frame.ref())
                        : Frame.error(frame.topic(), frame.ref(), Frame.INVALID_REF);
            case BroadcastIceCandidates added -> {
                candidates.pass(device, added.peerIds(), added.candidates(), false);
                yield null;
            }
            case BroadcastInvalidatedIceCandidates removed -> {
                candidates.pass(device, removed.peerIds(), removed.candidates(), true);
                yield null;
            }
        };
        wake.signal();
        return reply;
    }
}
