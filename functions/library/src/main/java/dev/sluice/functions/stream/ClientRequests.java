package dev.sluice.functions.stream;

import dev.sluice.channel.BroadcastIceCandidates;
import dev.sluice.channel.BroadcastInvalidatedIceCandidates;
import dev.sluice.channel.ClientCodec;
import dev.sluice.channel.ClientToPortal;
import dev.sluice.channel.CreateFlow;
import dev.sluice.channel.Decoded;
import dev.sluice.channel.FlowCreationFailed;
import dev.sluice.channel.Frame;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.channel.SnapshotRequest;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.flow.Ask;
import dev.sluice.functions.flow.Decision;
import dev.sluice.functions.flow.DecisionService;
import dev.sluice.functions.flow.FlowSettings;
import dev.sluice.functions.sql.DatabaseFailure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What clients ask of the portal. None of it has a reply: the answers are pushes. */
@ApplicationScoped
public class ClientRequests implements DeviceChannel.Requests {
    private static final Logger LOG = Logger.getLogger(ClientRequests.class);

    /** Of the gateways that a client says it is connected with, this many count. */
    private static final int MAX_CONNECTED = 64;

    private final FlowSettings settings;
    private final Semaphore deciding;
    private final DenialLimit denials;
    private final DecisionService decisions;
    private final CandidateService candidates;
    private final NewerRequests newer;
    private final Wake wake;
    private final ChannelMetrics metrics;

    @Inject
    public ClientRequests(
            DecisionService decisions,
            CandidateService candidates,
            NewerRequests newer,
            Wake wake,
            ChannelMetrics metrics,
            FlowSettings settings) {
        this.settings = settings;
        this.deciding = new Semaphore(settings.decisionsAtOnce());
        this.denials = new DenialLimit(settings.denialsASecond());
        this.decisions = decisions;
        this.candidates = candidates;
        this.newer = newer;
        this.wake = wake;
        this.metrics = metrics;
    }

    @Override
    public @Nullable Frame handle(Device device, Frame frame) {
        return switch (ClientCodec.decodeRequest(frame)) {
            case Decoded.Message<ClientToPortal>(var message) -> handle(device, message);
            case Decoded.Unknown<ClientToPortal> unknown -> {
                if (newer.isOne(frame)) {
                    yield newer.answer(frame);
                }
                metrics.unknown();
                yield Frame.error(frame.topic(), frame.ref(), Frame.UNKNOWN_MESSAGE);
            }
            case Decoded.Malformed<ClientToPortal> malformed -> {
                metrics.malformed();
                yield Frame.error(frame.topic(), frame.ref(), malformed.problem());
            }
        };
    }

    private @Nullable Frame handle(Device device, ClientToPortal message) {
        return switch (message) {
            case CreateFlow create -> decide(device, create);
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

    private void pass(Device device, List<UUID> peers, List<String> passed, boolean removed) {
        candidates.pass(device, peers, passed, removed).forEach(wake::signalCandidates);
    }

    /** Without an answer the client asks again; an ask that waited for as long as clients do has no one left to answer. */
    private @Nullable Frame decide(Device device, CreateFlow create) {
        var ask = new Ask(
                device.accountId(),
                device.id(),
                device.credential(),
                create.resourceId(),
                create.connectedGatewayIds().stream().limit(MAX_CONNECTED).toList());
        if (denials.isReached(device.id(), create.resourceId(), System.nanoTime())) {
            metrics.limited();
            return null;
        }
        try {
            if (!deciding.tryAcquire(settings.answerWithin().toMillis(), TimeUnit.MILLISECONDS)) {
                undecided(ask, "too many asks wait");
                return null;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
        try {
            Decision decision = decisions.decide(ask);
            log(device, create, decision);
            return switch (decision) {
                case Decision.Granted granted -> {
                    wake.signal(granted.gatewayId());
                    yield null;
                }
                case Decision.Denied denied -> {
                    denials.denied(device.id(), create.resourceId(), System.nanoTime());
                    wake.signal(device.id());
                    if (denied.ended()) {
                        wake.signal();
                    }
                    yield null;
                }
                case Decision.Unserved unserved -> unserved(device, create, unserved);
            };
        } catch (DatabaseFailure e) {
            if (!e.isLocked()) {
                throw e;
            }
            undecided(ask, "what it rests on is locked");
            return null;
        } finally {
            deciding.release();
        }
    }

    private static Frame unserved(Device device, CreateFlow create, Decision.Unserved unserved) {
        var message = FlowCreationFailed.of(create.resourceId(), unserved.detail());
        return ClientCodec.encode(message, device.own() ? new SluiceExtra(null, unserved.detail()) : null);
    }

    private void undecided(Ask ask, String why) {
        metrics.undecided();
        LOG.warnf("flow not decided: client %s, resource %s: %s", ask.clientId(), ask.resourceId(), why);
    }

    private static void log(Device device, CreateFlow create, Decision decision) {
        switch (decision) {
            case Decision.Granted granted ->
                LOG.infof(
                        "flow %s granted: client %s, resource %s, gateway %s, generation %d",
                        granted.flowId(), device.id(), create.resourceId(), granted.gatewayId(), granted.generation());
            case Decision.Unserved unserved ->
                LOG.debugf(
                        "no gateway serves the type of resource %s, for client %s", create.resourceId(), device.id());
            case Decision.Denied denied ->
                LOG.infof(
                        "flow denied: client %s, resource %s, reason %s",
                        device.id(),
                        create.resourceId(),
                        denied.detail().reason().code());
        }
    }
}
