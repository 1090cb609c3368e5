package dev.sluice.functions.process;

import java.nio.file.Path;

/** Whether the listeners speak TLS themselves. */
sealed interface Tls {
    /** They do not: plain HTTP, to stand behind a proxy. */
    record Off() implements Tls {}

    /**
     * They do.
     *
     * @param certificate PEM file, the server's certificate first, then its chain
     * @param key PEM file with its private key
     */
    record On(Path certificate, Path key) implements Tls {}
}
