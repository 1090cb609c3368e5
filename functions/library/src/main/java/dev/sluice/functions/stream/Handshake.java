package dev.sluice.functions.stream;

import dev.sluice.channel.Reason;
import dev.sluice.functions.address.Origin;
import dev.sluice.functions.address.TrustedProxies;
import dev.sluice.functions.auth.Authentication;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.auth.TokenType;
import dev.sluice.functions.device.Admission;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.device.DeviceService;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.quarkus.websockets.next.UserData;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
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
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Whether a device may open its socket. To peers of 2025 any 4xx is final, so only what is wrong for good gets one: 401 for a
 * token that is not valid, 422 for parameters that cannot be read. All else is 503 with the time to come again.
 */
@ApplicationScoped
public class Handshake implements HttpUpgradeCheck {
    /** What the check found, for the socket that opens. */
    static final UserData.TypedKey<DeviceBox> DEVICE = new UserData.TypedKey<>("device");

    /** The device in the user data of a connection. */
    record DeviceBox(Device device) {}

    private static final Logger LOG = Logger.getLogger(Handshake.class);
    private static final String BEARER = "Bearer ";
    private static final int UNAUTHORIZED = 401;
    private static final int UNPROCESSABLE = 422;
    private static final int UNAVAILABLE = 503;
    private static final String RETRY_AFTER_SECONDS = "1";
    private static final String RETRY_SUSPENDED_AFTER_SECONDS = "30";

    private final TokenService tokens;
    private final DeviceService devices;
    private final TrustedProxies proxies;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @Inject
    public Handshake(
            TokenService tokens,
            DeviceService devices,
            @ConfigProperty(name = "sluice.trusted-proxies") Optional<List<String>> proxies) {
        this.tokens = tokens;
        this.devices = devices;
        this.proxies = TrustedProxies.of(proxies.orElse(List.of()));
    }

    @Override
    public boolean appliesTo(String endpointId) {
        return endpointId.equals(ClientSocket.ID) || endpointId.equals(GatewaySocket.ID);
    }

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext context) {
        var loop = Objects.requireNonNull(Vertx.currentContext(), "a handshake is checked on its event loop");
        var request = context.httpRequest();
        var parameters = request.params();
        var type = context.endpointId().equals(ClientSocket.ID) ? TokenType.CLIENT : TokenType.GATEWAY;
        var token = token(request, parameters);
        var userAgent = request.getHeader("User-Agent");
        var origin = origin(request);
        return Uni.createFrom()
                .item(() -> check(context, type, token, Admission.check(parameters::get, userAgent, origin)))
                .runSubscriptionOn(threads)
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.warnf("a handshake failed: %s", failure.toString());
                    return refused(UNAVAILABLE, Map.of("Retry-After", List.of(RETRY_AFTER_SECONDS)));
                })
                // Where the socket is read: answered from elsewhere, its first frame can come before anybody listens.
                .emitOn(answer -> loop.runOnContext(ignored -> answer.run()));
    }

    private CheckResult check(
            HttpUpgradeContext context, TokenType type, @Nullable String token, Admission.Checked parameters) {
        if (token == null) {
            return refused(Reason.TOKEN_INVALID);
        }
        return switch (tokens.authenticate(type, token)) {
            case Authentication.Refused refused -> refused(refused.reason());
            case Authentication.Accepted accepted ->
                switch (parameters) {
                    case Admission.Checked.Invalid invalid -> refused(UNPROCESSABLE, problem(invalid.problem()));
                    case Admission.Checked.Valid valid ->
                        switch (devices.admit(accepted.token(), valid.admission())) {
                            case DeviceService.Admitted.Refused refused -> refused(refused.reason());
                            case DeviceService.Admitted.Accepted admitted -> {
                                context.userData().put(DEVICE, new DeviceBox(admitted.device()));
                                yield CheckResult.permitUpgradeSync();
                            }
                        };
                };
        };
    }

    private static CheckResult refused(Reason reason) {
        var header = Map.of(Reason.HEADER, List.of(reason.code()));
        return switch (reason.effect()) {
            case SIGNED_OUT -> refused(UNAUTHORIZED, header);
            case SUSPENDED, DENIED, ENDED, FILTERED, UNREACHABLE ->
                refused(
                        UNAVAILABLE,
                        Map.of(
                                Reason.HEADER,
                                List.of(reason.code()),
                                "Retry-After",
                                List.of(RETRY_SUSPENDED_AFTER_SECONDS)));
        };
    }

    private static CheckResult refused(int status, Map<String, List<String>> headers) {
        return CheckResult.rejectUpgradeSync(status, headers);
    }

    private static Map<String, List<String>> problem(String sentence) {
        return Map.of("Sluice-Problem", List.of(sentence));
    }

    private static @Nullable String token(HttpServerRequest request, MultiMap parameters) {
        var header = request.getHeader("X-Authorization");
        if (header != null && header.startsWith(BEARER)) {
            return header.substring(BEARER.length()).strip();
        }
        return parameters.get("token");
    }

    private Origin origin(HttpServerRequest request) {
        var address = request.remoteAddress();
        return proxies.origin(
                address == null ? null : address.hostAddress(),
                request.headers().getAll("X-Forwarded-For"),
                request.getHeader("X-Geo-Location-Region"));
    }
}
