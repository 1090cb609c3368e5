package dev.sluice.functions.process;

import java.nio.file.Path;
import java.time.Duration;

/** Whether the listeners speak TLS themselves. */
sealed interface Tls {
    /** How often the files are looked at: a renewed certificate is served without a restart. */
    Duration LOOK_INTERVAL = Duration.ofSeconds(30);

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
