package dev.sluice.datapath.wireguard;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Every time span of WireGuard, of connectivity and of authorization, in nanoseconds.
 *
 * <p>The first group is that of the WireGuard paper, §6.1, by its names. The rest belongs to a connection (ICE and
 * WireGuard between a client and a gateway) and to the roles on top of it.
 *
 * @param rekeyAfterTime a session this old is replaced by its initiator when it sends
 * @param rejectAfterTime a session this old is not used any more
 * @param rekeyAttemptTime handshakes without an answer end after this
 * @param rekeyTimeout an initiation without an answer is repeated after this
 * @param rekeyTimeoutJitter up to this is added to {@code rekeyTimeout}, so that two peers do not stay in step
 * @param keepaliveTimeout what was received is answered within this, with a keepalive if there is nothing else
 * @param cookieTime a cookie is valid, and the secret behind it is used, for this
 * @param rehandshakeTime on an existing connection a new handshake is asked for at most once in this
 * @param iceRto the first repetition of a connectivity check comes after this, and each further after twice as much
 * @param iceMaxRto … up to this, which is also the pace of checks on a pair that works
 * @param iceTimeout a pair whose checks stay unanswered for this has failed
 * @param iceIdleRto the pace of checks on an idle connection
 * @param iceIdleTimeout the same as {@code iceTimeout} for an idle connection
 * @param idleAfter a connection without packets for this is idle
 * @param disconnectedTimeout a connection without any working pair for this has failed
 * @param candidateTimeout a connection that knows no remote candidate after this has failed
 * @param earlyCandidateTime candidates for a connection that does not exist yet are kept for this
 * @param intentInterval the portal is asked for the same resource at most once in this
 * @param answerTimeout an ask without an answer for this counts as unanswered
 */
public record Timing(
        long rekeyAfterTime,
        long rejectAfterTime,
        long rekeyAttemptTime,
        long rekeyTimeout,
        long rekeyTimeoutJitter,
        long keepaliveTimeout,
        long cookieTime,
        long rehandshakeTime,
        long iceRto,
        long iceMaxRto,
        long iceTimeout,
        long iceIdleRto,
        long iceIdleTimeout,
        long idleAfter,
        long disconnectedTimeout,
        long candidateTimeout,
        long earlyCandidateTime,
        long intentInterval,
        long answerTimeout) {
    private static final long MILLISECOND = 1_000_000;
    private static final long SECOND = 1_000 * MILLISECOND;

    private static final Timing STANDARD = new Timing(
            120 * SECOND,
            180 * SECOND,
            90 * SECOND,
            5 * SECOND,
            333 * MILLISECOND,
            10 * SECOND,
            120 * SECOND,
            20 * SECOND,
            250 * MILLISECOND,
            1500 * MILLISECOND,
            15_250 * MILLISECOND,
            25 * SECOND,
            100 * SECOND,
            20 * SECOND,
            2 * SECOND,
            10 * SECOND,
            10 * SECOND,
            2 * SECOND,
            5 * SECOND);

    private static final Timing CONNECTION = STANDARD.with("rekey-attempt=15s");

    /** The paper's values. */
    public static Timing standard() {
        return STANDARD;
    }

    /** {@link #standard}, but handshakes without an answer end after 15 s: then a connection has failed. */
    public static Timing connection() {
        return CONNECTION;
    }

    /**
     * {@link #connection} with overrides: {@code rekey-after=20s,reject-after=30s,ice-rto=100ms}. A name is the
     * component's in lower case with hyphens, without {@code -time}.
     *
     * @throws IllegalArgumentException for an unknown name or a value that is no positive time span
     */
    public static Timing parse(String overrides) {
        return CONNECTION.with(overrides);
    }

    /** The names that {@link #with} knows. */
    public static List<String> names() {
        List<String> names = new ArrayList<>();
        for (var component : Timing.class.getRecordComponents()) {
            names.add(component
                    .getName()
                    .replaceAll("(?<=.)Time$", "")
                    .replaceAll("([A-Z])", "-$1")
                    .toLowerCase(Locale.ROOT));
        }
        return names;
    }

    /** This with overrides, as in {@link #parse}. Spans are written {@code 15s}, {@code 250ms}, {@code 2m} or {@code 1h}. */
    public Timing with(String overrides) {
        List<String> names = names();
        long[] values = values();
        for (String override : overrides.split(",", -1)) {
            if (override.isBlank()) {
                continue;
            }
            int equals = override.indexOf('=');
            int field = equals < 0
                    ? -1
                    : names.indexOf(override.substring(0, equals).strip());
            if (field < 0) {
                throw new IllegalArgumentException("unknown timing \"" + override.strip()
                        + "\": write NAME=SPAN with one of " + String.join(", ", names));
            }
            values[field] = span(override.substring(equals + 1).strip());
        }
        return of(values);
    }

    /** How long a session may be unused before its initiator replaces it on receipt (paper, §6.2). */
    public long rekeyOnReceiveTime() {
        return rejectAfterTime - keepaliveTimeout - rekeyTimeout;
    }

    /** Data that is sent and answered by nothing for this long starts a handshake (paper, §6.3). */
    public long unansweredTime() {
        return keepaliveTimeout + rekeyTimeout;
    }

    /** Without a new session for this long, all key material is erased (paper, §6.3). */
    public long eraseTime() {
        return 3 * rejectAfterTime;
    }

    private static long span(String text) {
        String number = text.replaceAll("[a-z]+$", "");
        String unit = text.substring(number.length());
        long nanoseconds = switch (unit) {
            case "ms" -> MILLISECOND;
            case "s" -> SECOND;
            case "m" -> 60 * SECOND;
            case "h" -> Duration.ofHours(1).toNanos();
            default -> 0;
        };
        if (nanoseconds == 0 || !number.matches("[0-9]{1,7}") || Long.parseLong(number) == 0) {
            throw new IllegalArgumentException("not a time span: \"" + text + "\": write 250ms, 15s, 2m or 1h");
        }
        return Long.parseLong(number) * nanoseconds;
    }

    private long[] values() {
        return new long[] {
            rekeyAfterTime,
            rejectAfterTime,
            rekeyAttemptTime,
            rekeyTimeout,
            rekeyTimeoutJitter,
            keepaliveTimeout,
            cookieTime,
            rehandshakeTime,
            iceRto,
            iceMaxRto,
            iceTimeout,
            iceIdleRto,
            iceIdleTimeout,
            idleAfter,
            disconnectedTimeout,
            candidateTimeout,
            earlyCandidateTime,
            intentInterval,
            answerTimeout
        };
    }

    private static Timing of(long[] values) {
        return new Timing(
                values[0],
                values[1],
                values[2],
                values[3],
                values[4],
                values[5],
                values[6],
                values[7],
                values[8],
                values[9],
                values[10],
                values[11],
                values[12],
                values[13],
                values[14],
                values[15],
                values[16],
                values[17],
                values[18]);
    }
}
