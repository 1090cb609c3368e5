package dev.sluice.functions.process;

import dev.sluice.functions.address.Origin;
import dev.sluice.functions.address.TrustedProxies;
import dev.sluice.functions.device.Admission;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.stream.Arrivals;
import dev.sluice.functions.stream.Handshake;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.quarkus.websockets.next.UserData;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Asks the {@link Handshake} whether a socket may open. */
@ApplicationScoped
public class UpgradeCheck implements HttpUpgradeCheck {
    /** What the check found, for the socket that opens. */
    static final UserData.TypedKey<DeviceBox> DEVICE = new UserData.TypedKey<>("device");

    /** The device in the user data of a connection. */
    record DeviceBox(Device device) {}

    private static final Logger LOG = Logger.getLogger(UpgradeCheck.class);

    private static final int NOT_FOUND = 404;

    private final Handshake handshake;
    private final Arrivals arrivals;
    private final TrustedProxies proxies;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @Inject
    public UpgradeCheck(
            Handshake handshake,
            Arrivals arrivals,
            @ConfigProperty(name = "sluice.trusted-proxies") Optional<List<String>> proxies) {
        this.handshake = handshake;
        this.arrivals = arrivals;
        this.proxies = TrustedProxies.of(proxies.orElse(List.of()));
    }

    @Override
    public boolean appliesTo(String endpointId) {
        return endpointId.startsWith(DeviceSocket.ID);
    }

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext context) {
        var loop = Objects.requireNonNull(Vertx.currentContext(), "a handshake is checked on its event loop");
        var request = context.httpRequest();
        var door = DeviceSocket.Door.at(request.path());
        if (door.isEmpty()) {
            return CheckResult.rejectUpgrade(NOT_FOUND);
        }
        if (!arrivals.mayShakeHands()) {
            return Uni.createFrom().item(result(context, arrivals.refuse(System.nanoTime())));
        }
        var token = Handshake.token(
                request.getHeader("X-Authorization"), request.params().get("token"));
        var parameters = Admission.check(
                request.params()::get,
                request.getHeader("User-Agent"),
                origin(request),
                door.get().dialect());
        return Uni.createFrom()
                .item(() -> handshake.check(door.get().role(), token, parameters))
                .runSubscriptionOn(threads)
                .eventually(arrivals::checked)
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.warnf("a handshake failed: %s", failure.toString());
                    return Handshake.UNDECIDED;
                })
                .map(answer -> result(context, answer))
                // Where the socket is read: answered from elsewhere, its first frame can come before anybody listens.
                .emitOn(answer -> loop.runOnContext(ignored -> answer.run()));
    }

    private static CheckResult result(HttpUpgradeContext context, Handshake.Answer answer) {
        return switch (answer) {
            case Handshake.Answer.Admitted(var device) -> {
                context.userData().put(DEVICE, new DeviceBox(device));
                yield CheckResult.permitUpgradeSync();
            }
            case Handshake.Answer.Refused(var status, var headers) ->
                CheckResult.rejectUpgradeSync(
                        status,
                        headers.entrySet().stream()
                                .collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue()))));
        };
    }

    private Origin origin(HttpServerRequest request) {
        var address = request.remoteAddress();
        return proxies.origin(
                address == null ? null : address.hostAddress(),
                request.headers().getAll("X-Forwarded-For"),
                request.getHeader("X-Geo-Location-Region"),
                request.getHeader("X-Geo-Location-Coordinates"));
    }
}
