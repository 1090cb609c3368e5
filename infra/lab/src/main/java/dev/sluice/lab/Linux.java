package dev.sluice.lab;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/** The system calls that the lab needs and the JDK does not offer. Failures are {@link LabException}s that name the call. */
final class Linux {
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int CLONE_NEWNET = 0x4000_0000;
    private static final int PR_SET_TIMERSLACK = 29;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout ERRNO_LAYOUT = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = ERRNO_LAYOUT.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle OPEN =
            variadic("open", 2, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle IOCTL = variadic(
            "ioctl",
            2,
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
    private static final MethodHandle READ = function("read");
    private static final MethodHandle WRITE = function("write");
    private static final MethodHandle CLOSE = handle(
            "close",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle SETNS = handle(
            "setns",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle PRCTL = variadic(
            "prctl", 1, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));

    private Linux() {}

    /** Opens {@code path} for reading and writing; the descriptor is not inherited by programs that are started. */
    static int open(Path path) {
        return openWith(path, O_RDWR | O_CLOEXEC);
    }

    /** An {@code ioctl} whose argument is a structure. */
    static int ioctl(int descriptor, long request, MemorySegment argument) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            return checked("ioctl", (int) IOCTL.invokeExact(state, descriptor, request, argument), state);
        } catch (Throwable e) {
            throw LabException.wrap("ioctl", e);
        }
    }

    /** An {@code ioctl} whose argument is a number. */
    static int ioctl(int descriptor, long request, long argument) {
        return ioctl(descriptor, request, MemorySegment.ofAddress(argument));
    }

    /** Reads into {@code buffer}; blocks. {@code state} is scratch space of {@link #state}. */
    static int read(int descriptor, MemorySegment buffer, MemorySegment state) {
        try {
            return (int) (long) READ.invokeExact(state, descriptor, buffer, buffer.byteSize());
        } catch (Throwable e) {
            throw LabException.wrap("read", e);
        }
    }

    /** Writes {@code buffer} as one frame; a negative result says that the kernel refused it. */
    static int write(int descriptor, MemorySegment buffer, MemorySegment state) {
        try {
            return (int) (long) WRITE.invokeExact(state, descriptor, buffer, buffer.byteSize());
        } catch (Throwable e) {
            throw LabException.wrap("write", e);
        }
    }

    /** Space in which {@link #read} and {@link #write} leave the error number. */
    static MemorySegment state(Arena arena) {
        return arena.allocate(ERRNO_LAYOUT);
    }

    /** Moves the calling thread, and nothing else of the process, into the network namespace at {@code path}. */
    static void enterNetwork(Path path) {
        int descriptor = openWith(path, O_CLOEXEC);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            checked("setns " + path, (int) SETNS.invokeExact(state, descriptor, CLONE_NEWNET), state);
            int ignored = (int) CLOSE.invokeExact(state, descriptor);
        } catch (Throwable e) {
            throw LabException.wrap("setns " + path, e);
        }
    }

    /** Lets the calling thread's sleeps end on time: the kernel otherwise rounds them by 50 µs. */
    static void sleepPrecisely() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            int ignored = (int) PRCTL.invokeExact(state, PR_SET_TIMERSLACK, 1L);
        } catch (Throwable e) {
            throw LabException.wrap("prctl", e);
        }
    }

    private static int openWith(Path path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            int descriptor = (int) OPEN.invokeExact(state, arena.allocateFrom(path.toString()), flags);
            return checked("open " + path, descriptor, state);
        } catch (Throwable e) {
            throw LabException.wrap("open " + path, e);
        }
    }

    private static int checked(String call, int result, MemorySegment state) {
        if (result < 0) {
            throw new LabException(call + " failed with error number " + (int) ERRNO.get(state, 0L));
        }
        return result;
    }

    private static MethodHandle function(String name) {
        return handle(
                name,
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG),
                Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle variadic(String name, int fixed, FunctionDescriptor descriptor) {
        return fixed == descriptor.argumentLayouts().size()
                ? handle(name, descriptor, Linker.Option.captureCallState("errno"))
                : handle(
                        name,
                        descriptor,
                        Linker.Option.captureCallState("errno"),
                        Linker.Option.firstVariadicArg(fixed));
    }

    private static MethodHandle handle(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }
}
