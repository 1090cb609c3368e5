package dev.sluice.datapath.io;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The few calls of the C library that neither the JDK nor Netty offers. Every call that fails answers {@code -errno}:
 * an expected failure (nothing to read) costs no exception. Numbers are those of Linux on x86-64 and AArch64, which
 * agree on all that is used here.
 */
public final class Libc {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    static final int EIO = 5;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int EXDEV = 18;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int EOPNOTSUPP = 95;
    public static final int EAFNOSUPPORT = 97;
    public static final int ENETUNREACH = 101;
    public static final int ENOBUFS = 105;
    public static final int EHOSTUNREACH = 113;

    static final int O_RDWR = 0x2;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;
    public static final int AF_NETLINK = 16;
    public static final int AF_PACKET = 17;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_RAW = 3;
    static final int CLOCK_BOOTTIME = 7;

    /** IF_NAMESIZE, the final zero included. */
    private static final int INTERFACE_NAME_LENGTH = 16;

    /** struct pollfd: descriptor (4), wanted events (2), events (2). */
    private static final int POLL_ENTRY_LENGTH = 8;

    private static final short POLLIN = 1;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_VALUE = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    /** Calls on one thread never interleave, and a thread's calls see only its own state. */
    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CALL_STATE));

    private static final MethodHandle OPEN = downcall(
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            ERRNO,
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE =
            downcall("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), ERRNO);
    private static final MethodHandle SOCKET = downcall(
            "socket",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
            ERRNO);
    private static final MethodHandle IOCTL = downcall(
            "ioctl",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
            ERRNO,
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOCK_GETTIME = downcall(
            "clock_gettime",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS),
            Linker.Option.critical(false));

    private static final MethodHandle BIND = address("bind", ValueLayout.JAVA_INT);
    private static final MethodHandle CONNECT = address("connect", ValueLayout.JAVA_INT);
    private static final MethodHandle GETSOCKNAME = address("getsockname", ValueLayout.ADDRESS);
    private static final MethodHandle SETSOCKOPT = downcall(
            "setsockopt",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT),
            ERRNO);
    private static final MethodHandle RECVFROM = downcall(
            "recvfrom",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS),
            ERRNO);
    private static final MethodHandle SENDMMSG = downcall(
            "sendmmsg",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT),
            ERRNO);
    private static final MethodHandle RECVMMSG = downcall(
            "recvmmsg",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS),
            ERRNO);

    private static final MethodHandle IF_NAMETOINDEX =
            downcall("if_nametoindex", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    private static final MethodHandle IF_INDEXTONAME = downcall(
            "if_indextoname", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

    private static final MethodHandle POLL = downcall(
            "poll",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT),
            ERRNO);

    /** Descriptors are non-blocking, so that the collector, which waits for a critical call, does not wait long. */
    private static final MethodHandle READ = transfer("read");

    private static final MethodHandle WRITE = transfer("write");

    private Libc() {}

    static int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = STATE.get();
            int descriptor = (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags);
            return descriptor >= 0 ? descriptor : error(state);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    public static int close(int descriptor) {
        try {
            MemorySegment state = STATE.get();
            return (int) CLOSE.invokeExact(state, descriptor) == 0 ? 0 : error(state);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    public static int socket(int domain, int type, int protocol) {
        try {
            MemorySegment state = STATE.get();
            int descriptor = (int) SOCKET.invokeExact(state, domain, type, protocol);
            return descriptor >= 0 ? descriptor : error(state);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int ioctl(int descriptor, long request, MemorySegment argument) {
        try {
            MemorySegment state = STATE.get();
            int result = (int) IOCTL.invokeExact(state, descriptor, request, argument);
            return result >= 0 ? result : error(state);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /** Reads into {@code memory}, which may be on the heap. */
    public static long read(int descriptor, MemorySegment memory, long length) {
        return transfer(READ, descriptor, memory, length);
    }

    /** Writes from {@code memory}, which may be on the heap. */
    public static long write(int descriptor, MemorySegment memory, long length) {
        return transfer(WRITE, descriptor, memory, length);
    }

    public static int bind(int socket, MemorySegment address, int length) {
        try {
            MemorySegment state = STATE.get();
            return (int) BIND.invokeExact(state, socket, address, length) == 0 ? 0 : error(state);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int connect(int socket, MemorySegment address, int length) {
        try {
            MemorySegment state = STATE.get();
            return (int) CONNECT.invokeExact(state, socket, address, length) == 0 ? 0 : error(state);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    public static int getsockname(int socket, MemorySegment address, MemorySegment length) {
        try {
            MemorySegment state = STATE.get();
            return (int) GETSOCKNAME.invokeExact(state, socket, address, length) == 0 ? 0 : error(state);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    public static int setsockopt(int socket, int level, int name, int value) {
        try (Arena arena = Arena.ofConfined()) {
            return setsockopt(socket, level, name, arena.allocateFrom(ValueLayout.JAVA_INT, value));
        }
    }

    public static int setsockopt(int socket, int level, int name, MemorySegment value) {
        try {
            MemorySegment state = STATE.get();
            int result = (int) SETSOCKOPT.invokeExact(state, socket, level, name, value, (int) value.byteSize());
            return result == 0 ? 0 : error(state);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /**
     * Receives one datagram and who it is from.
     *
     * @param addressLength an int, in and out
     */
    public static int recvfrom(int socket, MemorySegment memory, MemorySegment address, MemorySegment addressLength) {
        try {
            MemorySegment state = STATE.get();
            long received =
                    (long) RECVFROM.invokeExact(state, socket, memory, memory.byteSize(), 0, address, addressLength);
            return received >= 0 ? (int) received : error(state);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /** Sends {@code count} messages; how many were taken. */
    static int sendmmsg(int socket, MemorySegment messages, int count) {
        try {
            MemorySegment state = STATE.get();
            int sent = (int) SENDMMSG.invokeExact(state, socket, messages, count, 0);
            return sent >= 0 ? sent : error(state);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /** Receives up to {@code count} messages; how many there were. */
    static int recvmmsg(int socket, MemorySegment messages, int count) {
        try {
            MemorySegment state = STATE.get();
            int received = (int) RECVMMSG.invokeExact(state, socket, messages, count, 0, MemorySegment.NULL);
            return received >= 0 ? received : error(state);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /**
     * Waits until one of the descriptors can be read, or the time is over (poll(2)).
     *
     * @return how many can be read; 0 when none could in time
     */
    public static int awaitReadable(int timeoutMillis, int... descriptors) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment polled = arena.allocate((long) POLL_ENTRY_LENGTH * descriptors.length, Integer.BYTES);
            for (int i = 0; i < descriptors.length; i++) {
                polled.set(ValueLayout.JAVA_INT, (long) POLL_ENTRY_LENGTH * i, descriptors[i]);
                polled.set(ValueLayout.JAVA_SHORT, (long) POLL_ENTRY_LENGTH * i + Integer.BYTES, POLLIN);
            }
            MemorySegment state = STATE.get();
            int ready = (int) POLL.invokeExact(state, polled, (long) descriptors.length, timeoutMillis);
            return ready >= 0 ? ready : error(state);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /** An interface's index, also where it has no address, which Java overlooks; 0 if there is none of that name. */
    public static int interfaceIndex(String name) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) IF_NAMETOINDEX.invokeExact(arena.allocateFrom(name));
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /** An interface's name; "interface 7" if there is none of that index any more. */
    public static String interfaceName(int index) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(INTERFACE_NAME_LENGTH);
            MemorySegment found = (MemorySegment) IF_INDEXTONAME.invokeExact(index, name);
            return found.equals(MemorySegment.NULL) ? "interface " + index : name.getString(0);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int clockGettime(int clock, MemorySegment timespec) {
        try {
            return (int) CLOCK_GETTIME.invokeExact(clock, timespec);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    private static long transfer(MethodHandle call, int descriptor, MemorySegment memory, long length) {
        try {
            MemorySegment state = STATE.get();
            long count = (long) call.invokeExact(state, descriptor, memory, length);
            return count >= 0 ? count : error(state);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    private static MethodHandle address(String name, MemoryLayout length) {
        return downcall(
                name,
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, length),
                ERRNO);
    }

    private static MethodHandle transfer(String name) {
        return downcall(
                name,
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG),
                ERRNO,
                Linker.Option.critical(true));
    }

    private static MethodHandle downcall(String name, FunctionDescriptor shape, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, options);
    }

    private static int error(MemorySegment state) {
        return -(int) ERRNO_VALUE.get(state, 0L);
    }

    private static IllegalStateException unexpected(Throwable failure) {
        return new IllegalStateException("a call of the C library does not have the shape given here", failure);
    }
}
