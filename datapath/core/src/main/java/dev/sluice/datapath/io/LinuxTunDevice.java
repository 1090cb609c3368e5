package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.Coalescing;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.PacketBatch;
import io.netty.channel.IoEventLoop;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A TUN device of Linux (Documentation/networking/tuntap.rst): layer 3, no packet information, one queue, so that a
 * device that another process holds cannot be joined by accident. It disappears with its descriptor.
 *
 * <p>The host hands over super-packets and takes them where its kernel knows how: TCP since long, UDP from Linux 6.2 on.
 * Which is found out when the device is made.
 *
 * <pre>
 *   struct ifreq: | name, 16 bytes, zero-terminated | flags (short) or mtu (int) | … 40 bytes in all
 * </pre>
 */
public final class LinuxTunDevice implements TunDevice {
    private static final String CLONE_DEVICE = "/dev/net/tun";
    private static final String NAME_PATTERN = "sluice%d";
    private static final int NAME_LENGTH = 16;
    private static final int IFREQ_LENGTH = 40;
    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETOFFLOAD = 0x400454d0L;
    private static final long SIOCSIFMTU = 0x8922L;
    private static final short IFF_TUN = 0x0001;
    private static final short IFF_NO_PI = 0x1000;
    private static final short IFF_VNET_HDR = 0x4000;
    private static final short IFF_TUN_EXCL = (short) 0x8000;

    /** TUN_F_CSUM, TUN_F_TSO4, TUN_F_TSO6 and TUN_F_TSO_ECN. */
    private static final long OFFLOAD_STREAMS = 0x01 | 0x02 | 0x04 | 0x08;

    /** TUN_F_USO4 and TUN_F_USO6. */
    private static final long OFFLOAD_DATAGRAMS = 0x20 | 0x40;

    /** Packets of one wake-up: the sockets and timers of the loop get their turn between two batches. */
    private static final int BATCH = 128;

    /** Bytes of one wake-up: what a processor keeps near, and some super-packets. */
    private static final int BATCH_LENGTH = 256 << 10;

    private static final int LONGEST_SUPER_PACKET = 65_535;

    /** What is read and written: a batch, what was put together, datagrams, and errors. */
    private static final int ARRAYS = 8;

    private final int descriptor;
    private final String name;
    private final int mtu;
    private final Coalescing coalescing;
    private final IpPacket superPacket = new IpPacket();
    private @Nullable Readiness readiness;
    private final byte[][] arrays = new byte[ARRAYS][];
    private final MemorySegment[] segments = new MemorySegment[ARRAYS];
    private int nextArray;
    private boolean closed;

    private LinuxTunDevice(int descriptor, String name, int mtu, Coalescing coalescing) {
        this.descriptor = descriptor;
        this.name = name;
        this.mtu = mtu;
        this.coalescing = coalescing;
    }

    /** A device that neither gives nor takes super-packets; as of {@link #open(String, int, Coalescing)}. */
    public static LinuxTunDevice open(@Nullable String name, int mtu) throws TunUnavailableException {
        return open(name, mtu, Coalescing.NOTHING);
    }

    /**
     * Makes a device; it has no address and is down.
     *
     * @param name null for the first free {@code sluiceN}
     * @param mtu bytes
     * @param most the most that is to be taken together, where the kernel offers it
     */
    public static LinuxTunDevice open(@Nullable String name, int mtu, Coalescing most) throws TunUnavailableException {
        byte[] wanted = (name != null ? name : NAME_PATTERN).getBytes(StandardCharsets.US_ASCII);
        if (wanted.length == 0 || wanted.length >= NAME_LENGTH) {
            throw new TunUnavailableException(
                    "an interface's name has 1 to 15 characters, and \"" + name + "\" has " + wanted.length);
        }
        int descriptor = Libc.open(CLONE_DEVICE, Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (descriptor < 0) {
            throw new TunUnavailableException(whyNotOpened(-descriptor));
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(IFREQ_LENGTH);
            MemorySegment.copy(wanted, 0, request, ValueLayout.JAVA_BYTE, 0, wanted.length);
            request.set(
                    ValueLayout.JAVA_SHORT, NAME_LENGTH, (short) (IFF_TUN | IFF_NO_PI | IFF_VNET_HDR | IFF_TUN_EXCL));
            int result = Libc.ioctl(descriptor, TUNSETIFF, request);
            if (result < 0) {
                throw new TunUnavailableException(whyNotMade(name, -result));
            }
            result = setMtu(request, mtu);
            if (result < 0) {
                throw new TunUnavailableException("the kernel refused an MTU of " + mtu + " (errno " + -result + ")");
            }
            Coalescing offered = offload(descriptor, most);
            return new LinuxTunDevice(descriptor, request.getString(0, StandardCharsets.US_ASCII), mtu, offered);
        } catch (TunUnavailableException refused) {
            Libc.close(descriptor);
            throw refused;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public Coalescing coalescing() {
        return coalescing;
    }

    @Override
    public PacketBatch newBatch() {
        return coalescing == Coalescing.NOTHING
                ? new PacketBatch(BATCH, PacketBatch.HEADROOM, mtu)
                : new PacketBatch(BATCH, PacketBatch.HEADROOM, LONGEST_SUPER_PACKET, BATCH_LENGTH);
    }

    @Override
    public void listen(IoEventLoop loop, Runnable readable, Runnable lost) {
        if (readiness != null) {
            throw new IllegalStateException(name + " is listened to already");
        }
        readiness = Readiness.watch(loop, descriptor, readable, () -> {
            forget();
            lost.run();
        });
    }

    @Override
    public int read(PacketBatch batch) {
        MemorySegment memory = segment(batch.buffer());
        int count = 0;
        while (!batch.isFull() && !closed) {
            int header = batch.nextOffset() - VirtioNetHeader.LENGTH;
            long read =
                    Libc.read(descriptor, memory.asSlice(header), (long) VirtioNetHeader.LENGTH + batch.packetLength());
            if (read > VirtioNetHeader.LENGTH) {
                count += commit(batch, header, (int) read - VirtioNetHeader.LENGTH);
            } else if (read != -Libc.EINTR) {
                break;
            }
        }
        return count;
    }

    /** Whatever is odd about a packet is left to those who look at packets. */
    private static int commit(PacketBatch batch, int header, int length) {
        int segmentSize = VirtioNetHeader.segmentSize(batch.buffer(), header);
        if (segmentSize == 0) {
            VirtioNetHeader.complete(batch.buffer(), header, length);
        }
        batch.commit(length, segmentSize);
        return 1;
    }

    @Override
    public boolean write(byte[] packet, int offset, int length, int segmentSize) {
        if (closed) {
            return false;
        }
        int header = offset - VirtioNetHeader.LENGTH;
        if (segmentSize == 0) {
            VirtioNetHeader.writePlain(packet, header);
        } else if (superPacket.wrap(packet, offset, length) == IpPacket.Status.VALID
                && superPacket.segmentSize(segmentSize)) {
            VirtioNetHeader.writeSuper(packet, header, superPacket);
        } else {
            return false;
        }
        MemorySegment memory = segment(packet).asSlice(header);
        long written;
        do {
            written = Libc.write(descriptor, memory, (long) VirtioNetHeader.LENGTH + length);
        } while (written == -Libc.EINTR);
        return written == VirtioNetHeader.LENGTH + length;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            forget();
            Libc.close(descriptor);
        }
    }

    private void forget() {
        if (readiness != null) {
            readiness.close();
        }
    }

    /** Batches and scratch space live long: the same few arrays come again and again, and none costs an object. */
    @SuppressWarnings("ReferenceEquality")
    private MemorySegment segment(byte[] array) {
        for (int i = 0; i < ARRAYS; i++) {
            if (arrays[i] == array) {
                return segments[i];
            }
        }
        MemorySegment segment = MemorySegment.ofArray(array);
        arrays[nextArray] = array;
        segments[nextArray] = segment;
        nextArray = (nextArray + 1) % ARRAYS;
        return segment;
    }

    /** Asks for as much as is wanted, then for less. */
    private static Coalescing offload(int descriptor, Coalescing most) {
        if (most == Coalescing.STREAMS_AND_DATAGRAMS && setOffload(descriptor, OFFLOAD_STREAMS | OFFLOAD_DATAGRAMS)) {
            return most;
        }
        if (most != Coalescing.NOTHING && setOffload(descriptor, OFFLOAD_STREAMS)) {
            return Coalescing.STREAMS;
        }
        return Coalescing.NOTHING;
    }

    private static boolean setOffload(int descriptor, long flags) {
        return Libc.ioctl(descriptor, TUNSETOFFLOAD, MemorySegment.ofAddress(flags)) == 0;
    }

    private static int setMtu(MemorySegment request, int mtu) {
        int socket = Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.O_CLOEXEC, 0);
        if (socket < 0) {
            return socket;
        }
        request.set(ValueLayout.JAVA_INT, NAME_LENGTH, mtu);
        int result = Libc.ioctl(socket, SIOCSIFMTU, request);
        Libc.close(socket);
        return result;
    }

    private static String whyNotOpened(int errno) {
        return switch (errno) {
            case Libc.ENOENT, Libc.ENODEV ->
                "there is no " + CLONE_DEVICE + ": load the module (modprobe tun), or in a container pass"
                        + " --device /dev/net/tun";
            case Libc.EACCES, Libc.EPERM ->
                CLONE_DEVICE + " may not be opened: run as root, or give this user read and write access to it";
            default -> CLONE_DEVICE + " cannot be opened (errno " + errno + ")";
        };
    }

    private static String whyNotMade(@Nullable String name, int errno) {
        return switch (errno) {
            case Libc.EPERM ->
                "no permission to make a TUN device: run as root, or with CAP_NET_ADMIN in this network namespace";
            case Libc.EBUSY -> "the interface " + name + " exists already; stop its owner or choose another name";
            case Libc.EINVAL -> "the kernel does not take \"" + name + "\" as the name of a TUN device";
            default -> "the kernel refused a TUN device (errno " + errno + ")";
        };
    }
}
