package dev.sluice.datapath.app;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Becomes another program that may open no sockets of one address family, as services are confined by
 * {@code RestrictAddressFamilies=} and by the profiles of containers (seccomp(2)).
 */
final class Confinement {
    private static final int PR_SET_SECCOMP = 22;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int SECCOMP_MODE_FILTER = 2;
    private static final int SOCKET_CALL = System.getProperty("os.arch").equals("aarch64") ? 198 : 41;
    private static final int ALLOW = 0x7fff0000;
    private static final int REFUSE = 0x00050000;
    private static final int EAFNOSUPPORT = 97;

    private Confinement() {}

    /** The number of the family, then the program's path and its arguments. */
    public static void main(String[] arguments) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            prctl(PR_SET_NO_NEW_PRIVS, 1, MemorySegment.NULL);
            prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter(Integer.parseInt(arguments[0]), arena));
            List<String> command = List.of(arguments).subList(1, arguments.length);
            MemorySegment vector = arena.allocate(ValueLayout.ADDRESS, command.size() + 1);
            for (int i = 0; i < command.size(); i++) {
                vector.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(command.get(i)));
            }
            int failed = (int) function(
                            "execv",
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS))
                    .invokeExact(arena.allocateFrom(command.getFirst()), vector);
            throw new IllegalStateException("execv: " + failed);
        }
    }

    private static void prctl(int option, long value, MemorySegment argument) throws Throwable {
        int result = (int) Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("prctl"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG),
                        Linker.Option.firstVariadicArg(1))
                .invokeExact(option, value, argument, 0L, 0L);
        if (result != 0) {
            throw new IllegalStateException("prctl " + option);
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor shape) {
        return Linker.nativeLinker()
                .downcallHandle(Linker.nativeLinker().defaultLookup().findOrThrow(name), shape);
    }

    /** As {@code struct sock_fprog}: the call's number is at 0, the lower half of its first argument at 16. */
    private static MemorySegment filter(int family, Arena arena) {
        int[][] program = {
            {0x20, 0, 0, 0},
            {0x15, 0, 3, SOCKET_CALL},
            {0x20, 0, 0, 16},
            {0x15, 0, 1, family},
            {0x06, 0, 0, REFUSE | EAFNOSUPPORT},
            {0x06, 0, 0, ALLOW},
        };
        ByteBuffer code = ByteBuffer.allocate(8 * program.length).order(ByteOrder.nativeOrder());
        for (int[] step : program) {
            code.putShort((short) step[0])
                    .put((byte) step[1])
                    .put((byte) step[2])
                    .putInt(step[3]);
        }
        MemorySegment memory = arena.allocate(code.capacity(), Long.BYTES);
        memory.copyFrom(MemorySegment.ofArray(code.array()));
        MemorySegment whole = arena.allocate(2 * ValueLayout.ADDRESS.byteSize(), Long.BYTES);
        whole.set(ValueLayout.JAVA_SHORT, 0, (short) program.length);
        whole.set(ValueLayout.ADDRESS, ValueLayout.ADDRESS.byteSize(), memory);
        return whole;
    }
}
