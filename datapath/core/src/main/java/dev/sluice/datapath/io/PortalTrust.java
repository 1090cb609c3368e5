package dev.sluice.datapath.io;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whose certificates a portal may have: those of a given file, else the system's, else those that Java brings. */
public final class PortalTrust {
    /** Where Debian and Ubuntu, Fedora and Red Hat, SUSE and Alpine keep theirs. */
    private static final List<Path> SYSTEM_STORES = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/ca-bundle.pem"),
            Path.of("/etc/ssl/cert.pem"));

    private static final System.Logger LOG = System.getLogger(PortalTrust.class.getName());

    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----([^-]*)-----END");

    /** Null where Java's own are used. */
    private final @Nullable Path store;

    private volatile SslContext context;
    private @Nullable FileTime written;

    private PortalTrust(@Nullable Path store) throws IOException, CertificateException {
        this.store = store;
        this.written = time();
        this.context = read();
    }

    /**
     * Reads them.
     *
     * @param caFile PEM; null for the system's
     * @throws PortalTrustException when the file cannot be used
     */
    public static PortalTrust open(@Nullable Path caFile) throws PortalTrustException {
        Path store = store(caFile);
        try {
            return new PortalTrust(store);
        } catch (IOException | CertificateException | IllegalArgumentException unusable) {
            throw unusable(store, unusable);
        }
    }

    /** For the next connection; names in certificates are checked. From any thread. */
    public SslContext context() {
        return context;
    }

    /** Takes what the file holds now, if it was written meanwhile and can be used. Blocks; for one thread at a time. */
    public void reread() {
        FileTime now = time();
        if (store == null || now == null || now.equals(written)) {
            return;
        }
        written = now;
        try {
            context = read();
            LOG.log(System.Logger.Level.INFO, "{0} has changed: new connections trust what it holds", store);
        } catch (IOException | CertificateException | IllegalArgumentException unusable) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    store + " has changed and cannot be used, so that what it held is trusted on: "
                            + unusable.getMessage());
        }
    }

    /**
     * The same certificates for Java's own clients.
     *
     * @throws PortalTrustException when the file cannot be used
     */
    public static SSLContext java(@Nullable Path caFile) throws PortalTrustException {
        Path store = store(caFile);
        try {
            if (store == null) {
                return SSLContext.getDefault();
            }
            KeyStore kept = KeyStore.getInstance(KeyStore.getDefaultType());
            kept.load(null, null);
            int number = 0;
            for (X509Certificate certificate : certificates(store)) {
                kept.setCertificateEntry(Integer.toString(number++), certificate);
            }
            TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(kept);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trusted.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException unusable) {
            throw unusable(store, unusable);
        }
    }

    private static @Nullable Path store(@Nullable Path caFile) {
        return caFile != null
                ? caFile
                : SYSTEM_STORES.stream().filter(Files::isReadable).findFirst().orElse(null);
    }

    private static PortalTrustException unusable(@Nullable Path store, Exception why) {
        return new PortalTrustException("the certificates in " + (store == null ? "the Java runtime" : store)
                + " cannot be used: " + why.getMessage());
    }

    private SslContext read() throws IOException, CertificateException {
        SslContextBuilder builder = SslContextBuilder.forClient();
        if (store != null) {
            builder.trustManager(certificates(store));
        }
        return builder.build();
    }

    private @Nullable FileTime time() {
        try {
            return store == null ? null : Files.getLastModifiedTime(store);
        } catch (IOException beingReplaced) {
            return written;
        }
    }

    /** Those of a bundle that can be read; which cannot is said. */
    private static List<X509Certificate> certificates(Path bundle) throws IOException, CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher found = CERTIFICATE.matcher(new String(Files.readAllBytes(bundle), StandardCharsets.ISO_8859_1));
        int number = 0;
        while (found.find()) {
            number++;
            try {
                byte[] encoded = Base64.getMimeDecoder().decode(found.group(1));
                certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(encoded)));
            } catch (CertificateException | IllegalArgumentException damaged) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "certificate " + number + " of " + bundle + " cannot be read and is left out: "
                                + damaged.getMessage());
            }
        }
        if (certificates.isEmpty()) {
            throw new CertificateException("there is none in PEM form that can be read");
        }
        return certificates;
    }
}
