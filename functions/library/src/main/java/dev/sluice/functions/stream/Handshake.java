package dev.sluice.functions.stream;

import dev.sluice.channel.Reason;
import dev.sluice.functions.auth.Authentication;
import dev.sluice.functions.auth.TokenType;
import dev.sluice.functions.auth.TokenVerifier;
import dev.sluice.functions.device.Admission;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.device.DeviceService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a device may open its channel. To peers of 2025 any 4xx is final, so only what is wrong for good gets one: 401 for a
 * token that is not valid, 422 for parameters that cannot be read. All else is 503 with the time to come again.
 */
@ApplicationScoped
public class Handshake {
    /** What to answer. */
    public sealed interface Answer {
        /** The device may come in. */
        record Admitted(Device device) implements Answer {}

        /** It may not: an HTTP status, and headers that say why and when to come again. */
        record Refused(int status, Map<String, String> headers) implements Answer {}
    }

    /** The database could not be asked: come again soon. */
    public static final Answer.Refused UNDECIDED = busy(1);

    private static final String RETRY_AFTER = "Retry-After";
    private static final String BEARER = "Bearer ";
    private static final int UNAUTHORIZED = 401;
    private static final int UNPROCESSABLE = 422;
    private static final int UNAVAILABLE = 503;
    private static final String RETRY_SUSPENDED_AFTER_SECONDS = "30";

    private final TokenVerifier tokens;
    private final DeviceService devices;

    @Inject
    public Handshake(TokenVerifier tokens, DeviceService devices) {
        this.tokens = tokens;
        this.devices = devices;
    }

    /**
     * The token that a device shows.
     *
     * @param header its {@code X-Authorization}
     * @param parameter its query's {@code token}, of peers until 2026, which counts where the header has none
     */
    public static @Nullable String token(@Nullable String header, @Nullable String parameter) {
        return header != null && header.startsWith(BEARER)
                ? header.substring(BEARER.length()).strip()
                : parameter;
    }

    /** Decides, and records a device that may come in. It waits for the database. */
    public Answer check(Device.Role role, @Nullable String token, Admission.Checked parameters) {
        if (token == null) {
            return refused(Reason.TOKEN_INVALID);
        }
        var type = switch (role) {
            case CLIENT -> TokenType.CLIENT;
            case GATEWAY -> TokenType.GATEWAY;
        };
        return switch (tokens.authenticate(type, token)) {
            case Authentication.Refused refused -> refused(refused.reason());
            case Authentication.Accepted accepted ->
                switch (parameters) {
                    case Admission.Checked.Invalid invalid ->
                        new Answer.Refused(UNPROCESSABLE, Map.of("Sluice-Problem", invalid.problem()));
                    case Admission.Checked.Valid valid ->
                        switch (devices.admit(accepted, valid.admission())) {
                            case DeviceService.Admitted.Refused refused -> refused(refused.reason());
                            case DeviceService.Admitted.Accepted admitted -> new Answer.Admitted(admitted.device());
                        };
                };
        };
    }

    /** Nothing is wrong with the device, and it cannot come in now. */
    static Answer.Refused busy(long seconds) {
        return new Answer.Refused(UNAVAILABLE, Map.of(RETRY_AFTER, Long.toString(seconds)));
    }

    private static Answer refused(Reason reason) {
        return switch (reason.effect()) {
            case SIGNED_OUT -> new Answer.Refused(UNAUTHORIZED, Map.of(Reason.HEADER, reason.code()));
            case SUSPENDED, DENIED, ENDED, FILTERED, UNREACHABLE ->
                new Answer.Refused(
                        UNAVAILABLE, Map.of(Reason.HEADER, reason.code(), RETRY_AFTER, RETRY_SUSPENDED_AFTER_SECONDS));
        };
    }
}
