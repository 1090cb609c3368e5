package dev.sluice.datapath.io;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
            if (store.isPresent()) {
                builder.trustManager(certificates(store.get().toPath()));
            }
            return builder.build();
        } catch (IOException | CertificateException | IllegalArgumentException unusable) {
            throw new PortalTrustException("the certificates in "
                    + store.map(File::toString).orElse("the Java runtime") + " cannot be used: "
                    + unusable.getMessage());
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
