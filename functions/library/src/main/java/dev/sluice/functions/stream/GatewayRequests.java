package dev.sluice.functions.stream;

import dev.sluice.channel.BroadcastIceCandidates;
import dev.sluice.channel.BroadcastInvalidatedIceCandidates;
import dev.sluice.channel.Decoded;
import dev.sluice.channel.FlowAuthorized;
import dev.sluice.channel.Frame;
import dev.sluice.channel.GatewayCodec;
import dev.sluice.channel.GatewayToPortal;
import dev.sluice.channel.SnapshotRequest;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.flow.Confirmation;
import dev.sluice.functions.flow.ConfirmationService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What gateways tell the portal. Only a confirmation has a reply. */
@ApplicationScoped
public class GatewayRequests implements DeviceChannel.Requests {
    private final ConfirmationService confirmations;
    private final CandidateService candidates;
    private final NewerRequests newer;
    private final Wake wake;
    private final ChannelMetrics metrics;

    @Inject
    public GatewayRequests(
            ConfirmationService confirmations,
            CandidateService candidates,
            NewerRequests newer,
            Wake wake,
            ChannelMetrics metrics) {
        this.confirmations = confirmations;
        this.candidates = candidates;
        this.newer = newer;
        this.wake = wake;
        this.metrics = metrics;
    }

    @Override
    public @Nullable Frame handle(Device device, Frame frame) {
        return switch (GatewayCodec.decodeRequest(frame)) {
            case Decoded.Message<GatewayToPortal>(var message) -> handle(device, frame, message);
            case Decoded.Unknown<GatewayToPortal> unknown -> {
                if (newer.isOne(frame)) {
                    yield newer.answer(frame);
                }
                metrics.unknown();
                yield Frame.error(frame.topic(), frame.ref(), Frame.UNKNOWN_MESSAGE);
            }
            case Decoded.Malformed<GatewayToPortal> malformed -> {
                metrics.malformed();
                yield Frame.error(frame.topic(), frame.ref(), malformed.problem());
            }
        };
    }

    /** A busy gateway's answers come faster than they can be committed one by one. */
    @Override
    public boolean isOneOfMany(Frame frame) {
        return GatewayCodec.decodeRequest(frame) instanceof Decoded.Message<GatewayToPortal>(FlowAuthorized authorized);
    }

    @Override
    public List<Frame> handle(Device device, List<Frame> frames) {
        var refs = frames.stream()
                .map(GatewayCodec::decodeRequest)
                .<String>mapMulti((decoded, accept) -> {
                    if (decoded instanceof Decoded.Message<GatewayToPortal>(FlowAuthorized(var ref))) {
                        accept.accept(ref);
                    }
                })
                .toList();
        var answers = confirmations.confirm(device.accountId(), device.id(), refs);
        wake.signal(told(device, answers));
        var replies = new ArrayList<Frame>();
        for (int i = 0; i < frames.size(); i++) {
            var reply = reply(frames.get(i), answers.get(i));
            if (reply != null) {
                replies.add(reply);
            }
        }
        return replies;
    }

    private @Nullable Frame handle(Device device, Frame frame, GatewayToPortal message) {
        return switch (message) {
            case FlowAuthorized authorized ->
                handle(device, List.of(frame)).stream().findFirst().orElse(null);
            case SnapshotRequest request -> {
                metrics.snapshot(request);
                wake.signalSnapshot(device.id());
                yield null;
            }
            case BroadcastIceCandidates added -> {
                pass(device, added.peerIds(), added.candidates(), false);
                yield null;
            }
            case BroadcastInvalidatedIceCandidates removed -> {
                pass(device, removed.peerIds(), removed.candidates(), true);
                yield null;
            }
        };
    }

    /** Those who are told what became of the answers. */
    private static List<UUID> told(Device device, List<Confirmation> answers) {
        var told = new ArrayList<UUID>();
        for (var answer : answers) {
            switch (answer) {
                case Confirmation.Confirmed(var clientId, var elsewhere) -> {
                    told.add(clientId);
                    told.addAll(elsewhere);
                }
                case Confirmation.Invalid invalid -> told.add(device.id());
                case Confirmation.Superseded superseded -> {}
                case Confirmation.Undecided undecided -> {}
            }
        }
        return told;
    }

    /** Without a reply the gateway holds what the client, which is not told of it, soon asks for again. */
    private @Nullable Frame reply(Frame frame, Confirmation confirmation) {
        return switch (confirmation) {
            case Confirmation.Confirmed confirmed -> Frame.ok(frame.topic(), frame.ref());
            case Confirmation.Superseded superseded -> Frame.ok(frame.topic(), frame.ref());
            case Confirmation.Undecided undecided -> {
                metrics.undecided();
                yield null;
            }
            case Confirmation.Invalid invalid -> Frame.error(frame.topic(), frame.ref(), Frame.INVALID_REF);
        };
    }

    private void pass(Device device, List<UUID> peers, List<String> passed, boolean removed) {
        candidates.pass(device, peers, passed, removed).forEach(wake::signalCandidates);
    }
}
