package dev.sluice.datapath.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device's call over TLS, to a portal with a certificate of its own making. */
class PortalTrustTest {
    private static final char[] PASSWORD = "password of the store".toCharArray();

    @TempDir
    private Path directory;

    private final WebSocketEventLog events = new WebSocketEventLog();
    private PrivateNetwork network;
    private EventLoop loop;

    @BeforeEach
    void open() throws Exception {
        network = PrivateNetwork.create();
        loop = network.run(() -> {
            EventLoop made = new EventLoop("sockets");
            made.netty().submit(() -> {}).get();
            return made;
        });
    }

    @AfterEach
    void close() throws Exception {
        loop.close();
        network.close();
    }

    @Test
    void shouldCallAPortalWhoseCertificateTheFileHolds() throws Exception {
        KeyStore keys = selfSigned("localhost");

        call(keys, PortalTrust.open(certificate(keys)));

        assertThat(events.next()).isEqualTo("opened 1");
    }

    @Test
    void shouldRefuseACertificateForAnotherName() throws Exception {
        KeyStore keys = selfSigned("portal.example");

        call(keys, PortalTrust.open(certificate(keys)));

        assertThat(events.next()).startsWith("closed 1").contains("localhost");
    }

    @Test
    void shouldRefuseACertificateThatTheSystemDoesNotTrust() throws Exception {
        call(selfSigned("localhost"), PortalTrust.open(null));

        assertThat(events.next()).startsWith("closed 1").contains("certif");
    }

    @Test
    void shouldNameAFileThatItCannotUse() throws Exception {
        Path nonsense = Files.writeString(directory.resolve("nonsense.pem"), "nothing of use");

        assertThatThrownBy(() -> PortalTrust.open(nonsense))
                .isInstanceOf(PortalTrustException.class)
                .hasMessageContaining(nonsense.toString());
    }

    @Test
    void shouldTrustWhatTheFileHoldsLater() throws Exception {
        PortalTrust trust = PortalTrust.open(certificate(selfSigned("elsewhere")));
        KeyStore keys = selfSigned("localhost");
        Path file = certificate(keys);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));

        trust.reread();
        call(keys, trust);

        assertThat(events.next()).isEqualTo("opened 1");
    }

    @Test
    void shouldTrustOnWhatItHasWhenTheFileCannotBeUsedAnyMore() throws Exception {
        KeyStore keys = selfSigned("localhost");
        Path file = certificate(keys);
        PortalTrust trust = PortalTrust.open(file);
        Files.writeString(file, "being written");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));

        trust.reread();
        call(keys, trust);

        assertThat(events.next()).isEqualTo("opened 1");
    }

    /** Calls a portal that has these keys, once. */
    private void call(KeyStore keys, PortalTrust trust) throws Exception {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        SSLServerSocket server = (SSLServerSocket) network.run(() ->
                context.getServerSocketFactory().createServerSocket(13001, 5, InetAddress.ofLiteral("127.0.0.1")));
        Thread.ofVirtual().start(() -> serve(server));
        WebSocketClient client = loop.netty()
                .submit(() -> new WebSocketClient(loop.netty(), trust, events))
                .get();
        URI url = URI.create("wss://localhost:13001/client/websocket");
        loop.execute(now -> client.connect(1, url, Map.of()));
    }

    private static void serve(SSLServerSocket server) {
        try (server;
                AcceptedWebSocket accepted = new AcceptedWebSocket(server.accept())) {
            accepted.upgrade();
            accepted.awaitEnd();
        } catch (IOException refused) {
            // The client's end of it is what counts.
        }
    }

    private Path certificate(KeyStore keys) throws Exception {
        String encoded = Base64.getMimeEncoder()
                .encodeToString(keys.getCertificate("portal").getEncoded());
        return Files.writeString(
                directory.resolve("portal.pem"),
                "-----BEGIN CERTIFICATE-----\n" + encoded + "\n-----END CERTIFICATE-----\n");
    }

    private KeyStore selfSigned(String name) throws Exception {
        Path store = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "portal",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=dns:" + name,
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
}
