package dev.sluice.functions.process;

import dev.sluice.functions.address.TrustedProxies;
import dev.sluice.functions.database.DatabaseSettings;
import dev.sluice.functions.settings.MailServer;
import dev.sluice.functions.settings.PortalVariables;
import dev.sluice.functions.settings.SettingException;
import dev.sluice.functions.settings.Variables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an operator sets, from the environment.
 *
 * @param dataDirectory {@code SLUICE_DATA_DIR}: the admin secret and the embedded database
 * @param database {@code SLUICE_DATABASE_URL}, {@code SLUICE_DATABASE_OWNER_URL}
 * @param listenAddress {@code SLUICE_LISTEN_ADDRESS}: of the web and API listeners
 * @param webPort {@code SLUICE_WEB_PORT}
 * @param apiPort {@code SLUICE_API_PORT}: API and sockets
 * @param adminPort {@code SLUICE_ADMIN_PORT}: always on 127.0.0.1
 * @param tls {@code SLUICE_TLS_CERTIFICATE} and {@code SLUICE_TLS_KEY}
 * @param trustedProxies {@code SLUICE_TRUSTED_PROXIES}: addresses and prefixes whose forwarding headers count
 * @param accessLog {@code SLUICE_ACCESS_LOG}: a line a request, without query, addresses or names
 * @param shared what is set of functions, too
 */
public record PortalSettings(
        Path dataDirectory,
        DatabaseSettings database,
        String listenAddress,
        int webPort,
        int apiPort,
        int adminPort,
        Tls tls,
        List<String> trustedProxies,
        boolean accessLog,
        PortalVariables shared) {
    /**
     * Reads the environment.
     *
     * @throws SettingException when a variable cannot be used
     * @throws dev.sluice.functions.database.DatabaseException when one of the database's cannot
     */
    public static PortalSettings from(Map<String, String> environment) {
        return from(environment, false);
    }

    /**
     * The same.
     *
     * @param development whether mails are printed and listed, and not sent
     */
    static PortalSettings from(Map<String, String> environment, boolean development) {
        Variables variables = new Variables(environment);
        return new PortalSettings(
                DatabaseSettings.dataDirectory(environment),
                DatabaseSettings.from(environment),
                variables.text("SLUICE_LISTEN_ADDRESS", "0.0.0.0"),
                variables.port("SLUICE_WEB_PORT", 13000),
                variables.port("SLUICE_API_PORT", 13001),
                variables.port("SLUICE_ADMIN_PORT", 13002),
                tls(variables),
                trustedProxies(variables),
                variables.flag("SLUICE_ACCESS_LOG"),
                PortalVariables.from(variables, development));
    }

    /** Not the secrets. */
    @Override
    public String toString() {
        return "PortalSettings[" + properties().keySet() + "]";
    }

    /** The same as the application's configuration. */
    Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("sluice.data-dir", dataDirectory.toString());
        properties.put("quarkus.http.host", listenAddress);
        properties.put("quarkus.http.port", Integer.toString(apiPort));
        properties.put("sluice.admin.port", Integer.toString(adminPort));
        properties.put("quarkus.http.access-log.enabled", Boolean.toString(accessLog));
        properties.put("sluice.web.port", Integer.toString(webPort));
        properties.put("sluice.web.url", console());
        properties.putAll(shared.properties());
        if (tls instanceof Tls.On on) {
            properties.put("quarkus.http.ssl-port", Integer.toString(apiPort));
            properties.put("quarkus.http.insecure-requests", "disabled");
            properties.put(
                    "quarkus.http.ssl.certificate.files", on.certificate().toString());
            properties.put("quarkus.http.ssl.certificate.key-files", on.key().toString());
            properties.put("quarkus.http.ssl.certificate.reload-period", Tls.LOOK_INTERVAL.toString());
        }
        if (!trustedProxies.isEmpty()) {
            // Not the server's own forwarding: that believes the first address, which the client may have written.
            properties.put("sluice.trusted-proxies", String.join(",", trustedProxies));
        }
        return properties;
    }

    /** Where people open it. */
    private String console() {
        return shared.webUrl().isEmpty()
                ? String.format(Locale.ROOT, "%s://localhost:%d", tls instanceof Tls.On ? "https" : "http", webPort)
                : shared.webUrl();
    }

    /** What an operator should know of these settings, a line each. */
    List<String> remarks() {
        String http = tls instanceof Tls.On ? "https" : "http";
        String socket = tls instanceof Tls.On ? "wss" : "ws";
        return List.of(
                String.format(
                        Locale.ROOT, "web %s://%s:%d, open %s in a browser", http, listenAddress, webPort, console()),
                String.format(
                        Locale.ROOT, "API and sockets %s://%s:%d and %s://", http, listenAddress, apiPort, socket),
                String.format(
                        Locale.ROOT,
                        "admin http://127.0.0.1:%d, secret in %s",
                        adminPort,
                        dataDirectory.resolve("admin-secret")),
                tls instanceof Tls.On
                        ? "TLS on"
                        : "TLS off: stand behind a proxy that has it, or set SLUICE_TLS_CERTIFICATE and SLUICE_TLS_KEY",
                switch (shared.mail()) {
                    case MailServer.None none ->
                        "no mail server: people sign in by links of sign-in-link alone, and admins get no mails"
                                + " (SLUICE_MAIL_SERVER)";
                    case MailServer.Development development ->
                        "for development: mails are not sent, but printed here, and listed by ./sluice portal mails ADDRESS";
                    case MailServer.Smtp server -> "people sign in by codes that are mailed";
                },
                trustedProxies.isEmpty()
                        ? "no trusted proxies: forwarding headers are ignored, regions are unknown"
                        : "trusted proxies " + String.join(", ", trustedProxies));
    }

    private static Tls tls(Variables variables) {
        String certificate = variables.text("SLUICE_TLS_CERTIFICATE", "");
        String key = variables.text("SLUICE_TLS_KEY", "");
        if (certificate.isEmpty() && key.isEmpty()) {
            return new Tls.Off();
        }
        if (certificate.isEmpty() || key.isEmpty()) {
            throw new SettingException("SLUICE_TLS_CERTIFICATE and SLUICE_TLS_KEY belong together:"
                    + " set both to PEM files, or neither.");
        }
        return new Tls.On(file("SLUICE_TLS_CERTIFICATE", certificate), file("SLUICE_TLS_KEY", key));
    }

    private static Path file(String name, String value) {
        Path path = Path.of(value).toAbsolutePath().normalize();
        if (!Files.isReadable(path)) {
            throw new SettingException(name + ": " + path + " cannot be read by this user.");
        }
        return path;
    }

    private static List<String> trustedProxies(Variables variables) {
        List<String> proxies = variables.list("SLUICE_TRUSTED_PROXIES");
        try {
            TrustedProxies.of(proxies);
            return proxies;
        } catch (IllegalArgumentException e) {
            throw new SettingException("SLUICE_TRUSTED_PROXIES: " + e.getMessage());
        }
    }
}
