package dev.sluice.datapath.crypto;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.security.Key;
import java.security.spec.AlgorithmParameterSpec;

/**
 * The two methods inside SunJCE's ChaCha20-Poly1305 that the JIT compiler replaces by vector code, without the cipher
 * around them that allocates two kilobytes a packet.
 *
 * <p>They are internals of the JDK, so they may be absent: then {@link #MISSING} says why, and nothing else of this class
 * may be used. The process must be started with {@link #FLAGS}.
 */
final class JdkIntrinsics {
    static final String FLAGS = "--add-opens java.base/com.sun.crypto.provider=ALL-UNNAMED"
            + " --add-opens java.base/sun.security.util.math=ALL-UNNAMED";

    /** Why the methods cannot be used; empty if they can. */
    static final String MISSING;

    /**
     * {@code int implChaCha20Block(int[] state, byte[] keyStream)}: fills 64 to 1024 bytes and returns how many. The
     * arrays have 16 and 1024 elements, which it does not check.
     */
    static final MethodHandle KEY_STREAM;

    /**
     * {@code void processMultipleBlocks(Poly1305, byte[] input, int offset, int length, long[] a, long[] r)}: compiled it
     * uses the two arrays, interpreted the object, so the arrays must be the object's own.
     */
    static final MethodHandle AUTHENTICATE;

    private static final MethodHandle NEW_AUTHENTICATOR;
    private static final MethodHandle SET_KEY;
    private static final MethodHandle ACCUMULATOR;
    private static final MethodHandle MULTIPLIER;
    private static final MethodHandle LIMBS;

    static {
        MethodType authenticate = MethodType.methodType(
                void.class, Object.class, byte[].class, int.class, int.class, long[].class, long[].class);
        MethodHandle[] found;
        String missing = "";
        try {
            found = find(authenticate);
        } catch (ReflectiveOperationException | RuntimeException absent) {
            found = new MethodHandle[0];
            missing = absent instanceof IllegalAccessException
                    ? "the JDK's internals are closed: start with " + FLAGS
                    : "this JDK is built differently: " + absent.getMessage();
        }
        MISSING = missing;
        boolean present = missing.isEmpty();
        KEY_STREAM =
                present ? found[0] : MethodHandles.empty(MethodType.methodType(int.class, int[].class, byte[].class));
        AUTHENTICATE = present ? found[1] : MethodHandles.empty(authenticate);
        MethodHandle none = MethodHandles.empty(MethodType.methodType(void.class));
        NEW_AUTHENTICATOR = present ? found[2] : none;
        SET_KEY = present ? found[3] : none;
        ACCUMULATOR = present ? found[4] : none;
        MULTIPLIER = present ? found[5] : none;
        LIMBS = present ? found[6] : none;
    }

    private JdkIntrinsics() {}

    /** A Poly1305 object; its key is of no account, but it must have had one. */
    static Object newAuthenticator() {
        try {
            Object authenticator = NEW_AUTHENTICATOR.invoke(false);
            SET_KEY.invoke(authenticator, new PlaceholderKey(), null);
            return authenticator;
        } catch (Throwable failure) {
            throw new IllegalStateException("the JDK's Poly1305 cannot be made", failure);
        }
    }

    /** The live limbs of the accumulator: five of 26 bits. */
    static long[] accumulator(Object authenticator) {
        try {
            return (long[]) LIMBS.invoke(ACCUMULATOR.invoke(authenticator));
        } catch (Throwable failure) {
            throw new IllegalStateException("the JDK's Poly1305 cannot be read", failure);
        }
    }

    /** The live limbs of {@code r}, which the accumulator is multiplied with. */
    static long[] multiplier(Object authenticator) {
        try {
            return (long[]) LIMBS.invoke(MULTIPLIER.invoke(authenticator));
        } catch (Throwable failure) {
            throw new IllegalStateException("the JDK's Poly1305 cannot be read", failure);
        }
    }

    private static MethodHandle[] find(MethodType authenticate) throws ReflectiveOperationException {
        Class<?> cipher = Class.forName("com.sun.crypto.provider.ChaCha20Cipher");
        Class<?> poly1305 = Class.forName("com.sun.crypto.provider.Poly1305");
        Class<?> integer = Class.forName("sun.security.util.math.IntegerModuloP");
        Class<?> mutable = Class.forName("sun.security.util.math.MutableIntegerModuloP");
        Lookup inCipher = MethodHandles.privateLookupIn(cipher, MethodHandles.lookup());
        Lookup inPoly1305 = MethodHandles.privateLookupIn(poly1305, MethodHandles.lookup());
        Lookup inInteger = MethodHandles.privateLookupIn(integer, MethodHandles.lookup());
        return new MethodHandle[] {
            inCipher.findStatic(
                    cipher, "implChaCha20Block", MethodType.methodType(int.class, int[].class, byte[].class)),
            inPoly1305
                    .findVirtual(poly1305, "processMultipleBlocks", authenticate.dropParameterTypes(0, 1))
                    .asType(authenticate),
            inPoly1305.findConstructor(poly1305, MethodType.methodType(void.class, boolean.class)),
            inPoly1305.findVirtual(
                    poly1305, "engineInit", MethodType.methodType(void.class, Key.class, AlgorithmParameterSpec.class)),
            inPoly1305.findGetter(poly1305, "a", mutable),
            inPoly1305.findGetter(poly1305, "r", integer),
            inInteger.findVirtual(integer, "getLimbs", MethodType.methodType(long[].class))
        };
    }

    private static final class PlaceholderKey implements Key {
        private static final long serialVersionUID = 1;

        @Override
        public String getAlgorithm() {
            return "Poly1305";
        }

        @Override
        public String getFormat() {
            return "RAW";
        }

        @Override
        public byte[] getEncoded() {
            return new byte[Aead.KEY_LENGTH];
        }
    }
}
