package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsIT {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    Path directory;

    @Test
    void shouldSpeakTlsOnBothPortsWithTheConfiguredCertificate() throws Exception {
        KeyStore keys = selfSigned();
        Certificate certificate = keys.getCertificate("portal");
        Path certificateFile = pem("certificate.pem", "CERTIFICATE", certificate.getEncoded());
        Path keyFile = pem("key.pem", "PRIVATE KEY", ((PrivateKey) keys.getKey("portal", PASSWORD)).getEncoded());

        try (PortalProcess portal = new PortalProcess(directory.resolve("data"))
                .with("SLUICE_TLS_CERTIFICATE", certificateFile.toString())
                .with("SLUICE_TLS_KEY", keyFile.toString())
                .start()) {
            SSLContext trusting = trusting(certificate);

            assertThat(get(trusting, portal.port("SLUICE_API_PORT")).statusCode())
                    .isEqualTo(200);
            assertThat(get(trusting, portal.port("SLUICE_WEB_PORT")).statusCode())
                    .isEqualTo(200);
            HttpResponse<String> page = get(trusting, portal.port("SLUICE_WEB_PORT"), "/");
            assertThat(page.body()).contains("<h1>Sign in</h1>");
            assertThat(page.headers().firstValue("Set-Cookie").orElse(""))
                    .startsWith("__Host-")
                    .contains("Secure", "HttpOnly", "SameSite=Lax");
            assertThat(page.headers().firstValue("Strict-Transport-Security")).isPresent();
            assertThatThrownBy(() -> portal.get("SLUICE_API_PORT", "/healthz")).isInstanceOf(IOException.class);
            assertThat(portal.log()).contains("TLS on");

            Files.delete(directory.resolve("keys.p12"));
            KeyStore renewed = selfSigned();
            Certificate next = renewed.getCertificate("portal");
            pem("certificate.pem", "CERTIFICATE", next.getEncoded());
            pem("key.pem", "PRIVATE KEY", ((PrivateKey) renewed.getKey("portal", PASSWORD)).getEncoded());
            for (String port : new String[] {"SLUICE_API_PORT", "SLUICE_WEB_PORT"}) {
                SSLContext trust = trusting(next);
                portal.await(() -> serves(trust, portal.port(port)));
            }
        }
    }

    private static boolean serves(SSLContext context, int port) throws IOException {
        try {
            return get(context, port).statusCode() == 200;
        } catch (SSLException other) {
            return false;
        }
    }

    private static HttpResponse<String> get(SSLContext context, int port) throws IOException {
        return get(context, port, "/healthz");
    }

    private static HttpResponse<String> get(SSLContext context, int port, String path) throws IOException {
        try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
    }

    private KeyStore selfSigned() throws Exception {
        Path store = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "portal",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        return KeyStore.getInstance(store.toFile(), PASSWORD);
    }

    private static SSLContext trusting(Certificate certificate) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("portal", certificate);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    private Path pem(String name, String kind, byte[] encoded) throws IOException {
        return Files.writeString(
                directory.resolve(name),
                "-----BEGIN " + kind + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                        + "\n-----END " + kind + "-----\n");
    }
}
