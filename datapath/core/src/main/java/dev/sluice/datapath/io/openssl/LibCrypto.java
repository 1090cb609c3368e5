package dev.sluice.datapath.io.openssl;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * What {@link OpensslAead} calls of OpenSSL 3 (EVP_EncryptInit(3)). Most hosts have it; where not, {@link #MISSING} says so,
 * and nothing else of this class may be used.
 */
final class LibCrypto {
    private static final String LIBRARY = "libcrypto.so.3";

    static final int SET_NONCE_LENGTH = 0x9;
    static final int GET_TAG = 0x10;
    static final int SET_TAG = 0x11;

    /** Why the library cannot be used; empty if it can. */
    static final String MISSING;

    /** {@code EVP_CIPHER *EVP_chacha20_poly1305(void)}. */
    static final MethodHandle CIPHER;

    /** {@code EVP_CIPHER_CTX *EVP_CIPHER_CTX_new(void)}. */
    static final MethodHandle NEW_CONTEXT;

    /** {@code int EVP_CIPHER_CTX_reset(EVP_CIPHER_CTX *)}: erases the key. */
    static final MethodHandle RESET;

    /** {@code void EVP_CIPHER_CTX_free(EVP_CIPHER_CTX *)}. */
    static final MethodHandle FREE;

    /** {@code int EVP_CipherInit_ex(ctx, type, engine, key, nonce, int encrypts)}. */
    static final MethodHandle INIT;

    /** {@code int EVP_CipherUpdate(ctx, out, int *length, in, int inLength)}. */
    static final MethodHandle UPDATE;

    /** {@code int EVP_CipherFinal_ex(ctx, out, int *length)}: 0 for a wrong tag. */
    static final MethodHandle FINISH;

    /** {@code int EVP_CIPHER_CTX_ctrl(ctx, int type, int argument, void *)}. */
    static final MethodHandle CONTROL;

    private static final AddressLayout POINTER = ValueLayout.ADDRESS;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    static {
        @Nullable SymbolLookup found = null;
        String missing = "";
        try {
            found = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
        } catch (IllegalArgumentException absent) {
            missing = "the host has no " + LIBRARY;
        }
        Finder finder = new Finder(found);
        CIPHER = finder.find("EVP_chacha20_poly1305", POINTER);
        NEW_CONTEXT = finder.find("EVP_CIPHER_CTX_new", POINTER);
        RESET = finder.find("EVP_CIPHER_CTX_reset", INT, POINTER);
        FREE = finder.find("EVP_CIPHER_CTX_free", null, POINTER);
        INIT = finder.find("EVP_CipherInit_ex", INT, POINTER, POINTER, POINTER, POINTER, POINTER, INT);
        UPDATE = finder.find("EVP_CipherUpdate", INT, POINTER, POINTER, POINTER, POINTER, INT);
        FINISH = finder.find("EVP_CipherFinal_ex", INT, POINTER, POINTER, POINTER);
        CONTROL = finder.find("EVP_CIPHER_CTX_ctrl", INT, POINTER, INT, INT, POINTER);
        MISSING = missing.isEmpty() && !finder.complete ? LIBRARY + " lacks a function" : missing;
    }

    private LibCrypto() {}

    /** A context that is freed when nobody refers to it any more. */
    static MemorySegment newContext() {
        try {
            MemorySegment context = (MemorySegment) NEW_CONTEXT.invokeExact();
            if (context.equals(MemorySegment.NULL)) {
                throw new IllegalStateException("OpenSSL has no memory for a cipher");
            }
            return context.reinterpret(Arena.ofAuto(), LibCrypto::free);
        } catch (Throwable failure) {
            throw failed(failure);
        }
    }

    static IllegalStateException failed(Throwable failure) {
        return failure instanceof IllegalStateException known
                ? known
                : new IllegalStateException("a call of OpenSSL does not have the shape given here", failure);
    }

    private static void free(MemorySegment context) {
        try {
            FREE.invokeExact(context);
        } catch (Throwable failure) {
            throw failed(failure);
        }
    }

    /** Looks functions up, and notes whether all were there. */
    private static final class Finder {
        private final @Nullable SymbolLookup library;
        private boolean complete = true;

        Finder(@Nullable SymbolLookup library) {
            this.library = library;
        }

        MethodHandle find(String name, @Nullable MemoryLayout result, MemoryLayout... arguments) {
            FunctionDescriptor shape =
                    result == null ? FunctionDescriptor.ofVoid(arguments) : FunctionDescriptor.of(result, arguments);
            @Nullable MemorySegment symbol = library == null ? null : library.find(name).orElse(null);
            if (symbol == null) {
                complete = false;
                MethodType type = shape.toMethodType();
                return MethodHandles.empty(type);
            }
            return Linker.nativeLinker().downcallHandle(symbol, shape);
        }
    }
}
