package dev.sluice.datapath.client;

import dev.sluice.channel.Detail;
import dev.sluice.channel.FlowCreationFailed;
import dev.sluice.channel.Reason;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.IcmpError;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * That, and why, packets for a resource were refused.
 *
 * @param detail the typed reason, the same value as in the portal's audit
 */
public record Denial(UUID resourceId, Detail detail, Instant at) {
    /** The reason in the portal's answer to an ask, or the nearest one to the words of an older portal. */
    static Detail detail(FlowCreationFailed failed, @Nullable SluiceExtra extra) {
        if (extra != null && extra.detail() != null) {
            return extra.detail();
        }
        return switch (failed.reason()) {
            case NOT_FOUND, OTHER -> Detail.of(Reason.NO_POLICY);
            case OFFLINE -> Detail.of(Reason.GATEWAY_OFFLINE);
            case FORBIDDEN -> new Detail(Reason.CONDITION, failed.violatedProperties());
            case VERSION_MISMATCH -> Detail.of(Reason.GATEWAY_VERSION);
        };
    }

    /** The reason's code, with the properties if it has any. */
    String describe() {
        String code = detail.reason().code();
        return detail.properties().isEmpty() ? code : code + " " + detail.properties();
    }

    /** What the application is told. */
    IcmpError.Cause cause() {
        return switch (detail.reason().effect()) {
            case DENIED, ENDED, FILTERED -> IcmpError.Cause.PROHIBITED;
            case UNREACHABLE, SIGNED_OUT, SUSPENDED -> IcmpError.Cause.HOST_UNREACHABLE;
        };
    }

    /** What the packets are counted as. */
    DropReason dropReason() {
        return switch (detail.reason().effect()) {
            case DENIED -> DropReason.DENIED;
            case ENDED -> DropReason.REVOKED;
            case FILTERED -> DropReason.FILTERED;
            case UNREACHABLE, SIGNED_OUT, SUSPENDED -> DropReason.UNREACHABLE;
        };
    }
}
