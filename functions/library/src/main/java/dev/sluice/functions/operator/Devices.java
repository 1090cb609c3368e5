package dev.sluice.functions.operator;

import dev.sluice.functions.device.Device;
import dev.sluice.functions.device.DeviceService;
import dev.sluice.functions.device.DeviceSummary;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which client or gateway an operator means. */
@ApplicationScoped
class Devices {
    private final DeviceService devices;

    @Inject
    Devices(DeviceService devices) {
        this.devices = devices;
    }

    List<DeviceSummary> list(UUID account) {
        return devices.list(account, null);
    }

    /** The device of this name, tunnel address or id. */
    DeviceSummary find(UUID account, String reference) {
        return find(account, "device", reference, device -> true);
    }

    /** The client of this name, tunnel address or id. */
    DeviceSummary client(UUID account, String reference) {
        return find(account, "client", reference, device -> device.role() == Device.Role.CLIENT);
    }

    private DeviceSummary find(UUID account, String what, String reference, Predicate<DeviceSummary> fitting) {
        return References.one(
                what,
                reference,
                devices.called(account, reference).stream().filter(fitting).toList(),
                () -> devices.list(account, References.KNOWN + 1).stream()
                        .filter(fitting)
                        .toList(),
                DeviceSummary::id,
                device -> Stream.of(device.name(), device.ipv4(), device.ipv6()));
    }
}
