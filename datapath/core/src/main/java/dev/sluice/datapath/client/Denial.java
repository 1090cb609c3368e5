package dev.sluice.datapath.client;

import dev.sluice.channel.Detail;
import dev.sluice.channel.FlowCreationFailed;
import dev.sluice.channel.Reason;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.datapath.wire.IcmpError;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * That, and why, packets for a resource were refused.
 *
 * @param detail the typed reason, the same value as in the portal's audit
 */
public record Denial(UUID resourceId, Detail detail, Instant at) {
    /** The portal's answer to an ask: its typed reason, or the nearest one to the words of an older portal. */
    static Denial of(FlowCreationFailed failed, @Nullable SluiceExtra extra, Instant at) {
        Detail detail = extra == null ? null : extra.detail();
        return new Denial(failed.resourceId(), detail == null ? detail(failed) : detail, at);
    }

    static Denial of(UUID resourceId, Reason reason, Instant at) {
        return new Denial(resourceId, Detail.of(reason), at);
    }

    /** What the application is told. */
    IcmpError.Cause cause() {
        return cause(detail.reason());
    }

    static IcmpError.Cause cause(Reason reason) {
        return switch (reason.effect()) {
            case DENIED, ENDED, FILTERED -> IcmpError.Cause.PROHIBITED;
            case UNREACHABLE, SIGNED_OUT, SUSPENDED -> IcmpError.Cause.HOST_UNREACHABLE;
        };
    }

    private static Detail detail(FlowCreationFailed failed) {
        return switch (failed.reason()) {
            case NOT_FOUND, OTHER -> Detail.of(Reason.NO_POLICY);
            case OFFLINE -> Detail.of(Reason.GATEWAY_OFFLINE);
            case FORBIDDEN -> new Detail(Reason.CONDITION, List.copyOf(failed.violatedProperties()));
            case VERSION_MISMATCH -> Detail.of(Reason.GATEWAY_VERSION);
        };
    }
}
