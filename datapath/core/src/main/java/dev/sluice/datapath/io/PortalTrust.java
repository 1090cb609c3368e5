package dev.sluice.datapath.io;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Whose certificates a portal may have: those of a given file, else the system's, else those that Java brings. */
public final class PortalTrust {
    /** Where Debian and Ubuntu, Fedora and Red Hat, SUSE and Alpine keep theirs. */
    private static final List<Path> SYSTEM_STORES = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/ca-bundle.pem"),
            Path.of("/etc/ssl/cert.pem"));

    private PortalTrust() {}

    /**
     * Names in certificates are checked.
     *
     * @param caFile PEM; null for the system's
     * @throws PortalTrustException when the file cannot be used
     */
    public static SslContext context(@Nullable Path caFile) throws PortalTrustException {
        Optional<File> store = caFile != null
                ? Optional.of(caFile.toFile())
                : SYSTEM_STORES.stream().filter(Files::isReadable).findFirst().map(Path::toFile);
        try {
            SslContextBuilder builder = SslContextBuilder.forClient();
            store.ifPresent(builder::trustManager);
            return builder.build();
        } catch (SSLException | IllegalArgumentException unusable) {
            throw new PortalTrustException("the certificates in "
                    + store.map(File::toString).orElse("the Java runtime") + " cannot be used: "
                    + unusable.getMessage());
        }
    }
}
