package dev.sluice.datapath.io;

/** A native library cannot be loaded here; the message says why and what to do. */
public final class NativeLibraryException extends Exception {
    private static final long serialVersionUID = 1;

    NativeLibraryException(String message) {
        super(message);
    }
}
