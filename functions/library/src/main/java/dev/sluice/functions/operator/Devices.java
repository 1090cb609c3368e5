package dev.sluice.functions.operator;

import dev.sluice.functions.device.Device;
import dev.sluice.functions.device.DeviceService;
import dev.sluice.functions.device.DeviceSummary;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
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
        return devices.list(account);
    }

    Map<UUID, String> names(UUID account) {
        return list(account).stream().collect(Collectors.toMap(DeviceSummary::id, DeviceSummary::name));
    }

    /** The device of this name, tunnel address or id. */
    DeviceSummary find(UUID account, String reference) {
        return find(list(account), "device", reference);
    }

    /** The client of this name, tunnel address or id. */
    DeviceSummary client(UUID account, String reference) {
        return find(
                list(account).stream()
                        .filter(device -> device.role() == Device.Role.CLIENT)
                        .toList(),
                "client",
                reference);
    }

    private static DeviceSummary find(List<DeviceSummary> devices, String what, String reference) {
        return References.one(
                devices,
                what,
                reference,
                DeviceSummary::id,
                device -> Stream.of(device.name(), device.ipv4(), device.ipv6()));
    }
}
