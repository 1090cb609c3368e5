package dev.sluice.datapath.io;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Holds the fake to what the kernel's device does. */
class FakeTunDeviceTest extends TunDeviceCompatibilityKit {
    private static final int HEADERS = 28;

    private FakeTunDevice device;

    @Override
    TunDevice open() {
        device = new FakeTunDevice();
        return device;
    }

    @Override
    void hostSends(String payload) {
        byte[] bytes = payload.getBytes();
        device.inject(ByteBuffer.allocate(HEADERS + bytes.length)
                .put((byte) 0x45)
                .position(HEADERS)
                .put(bytes)
                .array());
    }

    @Override
    String hostReceives() throws Exception {
        byte[] packet = device.written().poll(10, TimeUnit.SECONDS);
        return new String(Arrays.copyOfRange(packet, HEADERS, packet.length));
    }
}
