package dev.sluice.datapath.io;

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
    private static final long SIOCSIFMTU = 0x8922L;
    private static final short IFF_TUN = 0x0001;
    private static final short IFF_NO_PI = 0x1000;
    private static final short IFF_TUN_EXCL = (short) 0x8000;

    private final int descriptor;
    private final String name;
    private final int mtu;
    private @Nullable Readiness readiness;
    private byte @Nullable [] lastArray;
    private MemorySegment lastSegment = MemorySegment.NULL;
    private boolean closed;

    private LinuxTunDevice(int descriptor, String name, int mtu) {
        this.descriptor = descriptor;
        this.name = name;
        this.mtu = mtu;
    }

    /**
     * Makes a device; it has no address and is down.
     *
     * @param name null for the first free {@code sluiceN}
     * @param mtu bytes
     */
    public static LinuxTunDevice open(@Nullable String name, int mtu) throws TunUnavailableException {
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
            request.set(ValueLayout.JAVA_SHORT, NAME_LENGTH, (short) (IFF_TUN | IFF_NO_PI | IFF_TUN_EXCL));
            int result = Libc.ioctl(descriptor, TUNSETIFF, request);
            if (result < 0) {
                throw new TunUnavailableException(whyNotMade(name, -result));
            }
            result = setMtu(request, mtu);
            if (result < 0) {
                throw new TunUnavailableException("the kernel refused an MTU of " + mtu + " (errno " + -result + ")");
            }
            return new LinuxTunDevice(descriptor, request.getString(0, StandardCharsets.US_ASCII), mtu);
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
            long length = Libc.read(descriptor, memory.asSlice(batch.nextOffset()), batch.packetLength());
            if (length > 0) {
                batch.commit((int) length);
                count++;
            } else if (length != -Libc.EINTR) {
                break;
            }
        }
        return count;
    }

    @Override
    public boolean write(byte[] packet, int offset, int length) {
        if (closed) {
            return false;
        }
        long written;
        do {
            written = Libc.write(descriptor, segment(packet).asSlice(offset), length);
        } while (written == -Libc.EINTR);
        return written == length;
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

    /** Batches live long: the same few arrays come again and again. */
    @SuppressWarnings("ReferenceEquality")
    private MemorySegment segment(byte[] array) {
        if (array != lastArray) {
            lastArray = array;
            lastSegment = MemorySegment.ofArray(array);
        }
        return lastSegment;
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
