package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.database.DatabaseAddress;
import dev.sluice.functions.database.DatabaseSettings;
import dev.sluice.functions.settings.MailServer;
import dev.sluice.functions.settings.PortalVariables;
import dev.sluice.functions.settings.SettingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortalSettingsTest {
    @Test
    void shouldHaveADefaultForEverything() {
        assertThat(PortalSettings.from(Map.of("HOME", "/home/ada")))
                .isEqualTo(new PortalSettings(
                        Path.of("/home/ada/.local/share/sluice"),
                        new DatabaseSettings.Embedded(
                                Path.of("/home/ada/.local/share/sluice/postgresql"),
                                Path.of("/home/ada/.cache/sluice")),
                        "0.0.0.0",
                        13000,
                        13001,
                        13002,
                        new Tls.Off(),
                        List.of(),
                        false,
                        new PortalVariables(
                                "",
                                "INFO",
                                Map.of(),
                                new MailServer.None(),
                                "",
                                Map.of("sluice.billing.enabled", "false"))));
    }

    @Test
    void shouldReadEveryVariable(@TempDir Path directory) throws Exception {
        Path certificate = Files.createFile(directory.resolve("certificate.pem"));
        Path key = Files.createFile(directory.resolve("key.pem"));

        PortalSettings settings = PortalSettings.from(Map.ofEntries(
                Map.entry("TOKENS_KEY_BASE", "a${b}"),
                Map.entry("TOKENS_SALT", "$$"),
                Map.entry("SLUICE_RELAYS", "turn://u:$${p}@192.0.2.1:3478"),
                Map.entry("SLUICE_DATA_DIR", "/srv/sluice"),
                Map.entry("SLUICE_DATABASE_URL", "postgresql://one:two@db.example/sluice"),
                Map.entry("SLUICE_LISTEN_ADDRESS", "203.0.113.10"),
                Map.entry("SLUICE_WEB_PORT", "1"),
                Map.entry("SLUICE_WEB_URL", "https://sluice.acme.example"),
                Map.entry("SLUICE_API_PORT", "2"),
                Map.entry("SLUICE_ADMIN_PORT", "65535"),
                Map.entry("SLUICE_TLS_CERTIFICATE", certificate.toString()),
                Map.entry("SLUICE_TLS_KEY", key.toString()),
                Map.entry("SLUICE_TRUSTED_PROXIES", "10.0.0.1, 192.0.2.0/24"),
                Map.entry("SLUICE_ACCESS_LOG", "true"),
                Map.entry("BILLING_ENABLED", "true"),
                Map.entry("STRIPE_SECRET_KEY", "sk_test_1"),
                Map.entry("STRIPE_WEBHOOK_SIGNING_SECRET", "whsec_1,whsec_2"),
                Map.entry("STRIPE_DEFAULT_PRICE_ID", "price_1"),
                Map.entry("STRIPE_API_BASE", "http://127.0.0.1:12111"),
                Map.entry("WORKOS_API_KEY", "sk_1"),
                Map.entry("WORKOS_CLIENT_ID", "client_1"),
                Map.entry("WORKOS_WEBHOOK_SECRET", "wh_1"),
                Map.entry("WORKOS_API_BASE", "http://127.0.0.1:12112"),
                Map.entry("SLUICE_ENTRA_LOGIN", "https://login.microsoftonline.us"),
                Map.entry("SLUICE_ENTRA_GRAPH", "https://graph.microsoft.us"),
                Map.entry("SLUICE_MAIL_SERVER", "smtp://sluice:p%40ss@mail.example:2525"),
                Map.entry("SLUICE_MAIL_FROM", "Sluice <sluice@acme.example>"),
                Map.entry("SLUICE_SECRETS_KEY", "key_1,key_2")));

        assertThat(settings)
                .isEqualTo(new PortalSettings(
                        Path.of("/srv/sluice"),
                        new DatabaseSettings.SingleRole(
                                new DatabaseAddress("jdbc:postgresql://db.example/sluice", "one", "two")),
                        "203.0.113.10",
                        1,
                        2,
                        65535,
                        new Tls.On(certificate, key),
                        List.of("10.0.0.1", "192.0.2.0/24"),
                        true,
                        new PortalVariables(
                                "https://sluice.acme.example",
                                "INFO",
                                Map.of(
                                        "SLUICE_RELAYS",
                                        "turn://u:$${p}@192.0.2.1:3478",
                                        "TOKENS_KEY_BASE",
                                        "a${b}",
                                        "TOKENS_SALT",
                                        "$$"),
                                new MailServer.Smtp(
                                        "mail.example", 2525, false, "sluice", "p@ss", "Sluice <sluice@acme.example>"),
                                "key_1,key_2",
                                Map.ofEntries(
                                        Map.entry("sluice.billing.enabled", "true"),
                                        Map.entry("sluice.billing.secret-key", "sk_test_1"),
                                        Map.entry("sluice.billing.signing-secrets", "whsec_1,whsec_2"),
                                        Map.entry("sluice.billing.default-price", "price_1"),
                                        Map.entry("sluice.billing.api-base", "http://127.0.0.1:12111"),
                                        Map.entry("sluice.workos.api-key", "sk_1"),
                                        Map.entry("sluice.workos.client-id", "client_1"),
                                        Map.entry("sluice.workos.webhook-secrets", "wh_1"),
                                        Map.entry("sluice.workos.api-base", "http://127.0.0.1:12112"),
                                        Map.entry("sluice.entra.login", "https://login.microsoftonline.us"),
                                        Map.entry("sluice.entra.graph", "https://graph.microsoft.us")))));
        assertThat(settings.properties()).containsEntry("sluice.secrets.key", "key_1,key_2");
        assertThat(settings.properties()).containsEntry("TOKENS_KEY_BASE", "a${b}");
        assertThat(settings.properties())
                .containsEntry("quarkus.mailer.password", "p@ss")
                .containsEntry("quarkus.mailer.start-tls", "REQUIRED");
        assertThat(settings.toString()).doesNotContain("a${b}", "$${p}", "p@ss", "key_1");
        assertThat(PortalSettings.from(Map.of("SLUICE_LOG_LEVEL", "debug"))
                        .shared()
                        .logLevel())
                .isEqualTo("DEBUG");
    }

    @Test
    void shouldSpeakTlsOnTheSamePortWhenItHasACertificate(@TempDir Path directory) throws Exception {
        Path pem = Files.createFile(directory.resolve("both.pem"));

        Map<String, String> properties = PortalSettings.from(
                        Map.of("SLUICE_TLS_CERTIFICATE", pem.toString(), "SLUICE_TLS_KEY", pem.toString()))
                .properties();

        assertThat(properties)
                .containsEntry("quarkus.http.ssl-port", "13001")
                .containsEntry("quarkus.http.insecure-requests", "disabled");
    }

    @Test
    void shouldBelieveForwardingHeadersOnlyOfTrustedProxies() {
        assertThat(PortalSettings.from(Map.of()).properties().keySet()).noneMatch(name -> name.contains("proxy"));
        assertThat(PortalSettings.from(Map.of("SLUICE_TRUSTED_PROXIES", "10.0.0.1"))
                        .properties())
                .containsEntry("sluice.trusted-proxies", "10.0.0.1")
                .doesNotContainKey("quarkus.http.proxy.proxy-address-forwarding");
    }

    @ParameterizedTest
    @CsvSource({
        "SLUICE_WEB_PORT,0",
        "SLUICE_API_PORT,65536",
        "SLUICE_WEB_URL,sluice.acme.example",
        "SLUICE_WEB_URL,https://sluice.acme.example/console",
        "SLUICE_ADMIN_PORT,http",
        "SLUICE_TLS_CERTIFICATE,/nowhere.pem",
        "SLUICE_TLS_KEY,/nowhere.pem",
        "SLUICE_TRUSTED_PROXIES,10.0.0.300",
        "SLUICE_TRUSTED_PROXIES,proxy.example",
        "SLUICE_ACCESS_LOG,maybe",
        "STATIC_SEEDS,treu",
        "TOKENS_KEY_BASE,base",
        "TOKENS_SALT,salt",
        "TOKENS_KEY_BASE,' '",
        "SLUICE_LOG_LEVEL,loud"
    })
    void shouldNameTheVariableThatItCannotUse(String name, String value) {
        assertThatThrownBy(() -> PortalSettings.from(Map.of(name, value)))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining(name);
    }

    @Test
    void shouldListMailsForDevelopmentAloneAndNotWhereThereIsAServer() {
        assertThat(PortalSettings.from(Map.of(), true).properties())
                .containsEntry("quarkus.mailer.mock", "true")
                .containsEntry("sluice.mail.listed", "true");
        assertThat(PortalSettings.from(Map.of()).properties())
                .doesNotContainKeys("sluice.mail.listed", "sluice.mail.from");
        assertThatThrownBy(() -> PortalSettings.from(
                        Map.of("SLUICE_MAIL_SERVER", "smtp://127.0.0.1:25", "SLUICE_MAIL_FROM", "a@acme.example"),
                        true))
                .hasMessageContaining("--development");
    }
}
