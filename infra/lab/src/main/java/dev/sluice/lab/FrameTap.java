package dev.sluice.lab;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * A TAP device whose frames carry the kernel's 10-byte header of offloads (virtio-net), so that super-packets and unfinished
 * checksums pass from one device to another as they are.
 */
final class FrameTap {
    /** The largest frame: 64 KiB of payload, its Ethernet header and the header of offloads. */
    static final int LARGEST_FRAME = 65_536 + 14 + 10;

    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETOFFLOAD = 0x400454d0L;
    private static final int IFF_TAP = 0x0002;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFF_VNET_HDR = 0x4000;
    private static final int TUN_F_CSUM = 0x01;
    private static final int TUN_F_TSO4 = 0x02;
    private static final int TUN_F_TSO6 = 0x04;
    private static final int TUN_F_TSO_ECN = 0x08;
    private static final int TUN_F_USO4 = 0x20;
    private static final int TUN_F_USO6 = 0x40;
    private static final int TCP_OFFLOADS = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN;

    private static final int IFNAMSIZ = 16;
    private static final int SIZE_OF_IFREQ = 40;

    private final int descriptor;

    private FrameTap(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Makes the device {@code name} in the network of {@code host}; it goes when the process ends. */
    static FrameTap create(String host, String name) throws Exception {
        return Namespace.call(host, () -> {
            int descriptor = Linux.open(Path.of("/dev/net/tun"));
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment request = arena.allocate(SIZE_OF_IFREQ);
                request.setString(0, name);
                request.set(ValueLayout.JAVA_SHORT, IFNAMSIZ, (short) (IFF_TAP | IFF_NO_PI | IFF_VNET_HDR));
                Linux.ioctl(descriptor, TUNSETIFF, request);
            }
            offload(descriptor);
            return new FrameTap(descriptor);
        });
    }

    /** Reads one frame, waiting for it; a negative length says that the device is gone. */
    int read(MemorySegment frame, MemorySegment state) {
        return Linux.read(descriptor, frame, state);
    }

    /** Writes one frame; one that the kernel refuses is lost, as on any wire. */
    void write(MemorySegment frame, MemorySegment state) {
        Linux.write(descriptor, frame, state);
    }

    private static void offload(int descriptor) {
        try {
            Linux.ioctl(descriptor, TUNSETOFFLOAD, TCP_OFFLOADS | TUN_F_USO4 | TUN_F_USO6);
        } catch (LabException beforeLinux62) {
            Linux.ioctl(descriptor, TUNSETOFFLOAD, TCP_OFFLOADS);
        }
    }
}
