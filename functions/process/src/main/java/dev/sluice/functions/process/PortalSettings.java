package dev.sluice.functions.process;

import dev.sluice.functions.address.TrustedProxies;
import dev.sluice.functions.database.DatabaseSettings;
import dev.sluice.functions.settings.SettingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an operator sets, from the environment.
 *
 * @param dataDirectory {@code SLUICE_DATA_DIR}: the admin secret and the embedded database
 * @param database {@code SLUICE_DATABASE_URL}, {@code SLUICE_DATABASE_OWNER_URL}
 * @param listenAddress {@code SLUICE_LISTEN_ADDRESS}: of the web and API listeners
 * @param webPort {@code SLUICE_WEB_PORT}
 * @param webUrl {@code SLUICE_WEB_URL}: where browsers find the console; empty for this host
 * @param apiPort {@code SLUICE_API_PORT}: API and sockets
 * @param adminPort {@code SLUICE_ADMIN_PORT}: always on 127.0.0.1
 * @param tls {@code SLUICE_TLS_CERTIFICATE} and {@code SLUICE_TLS_KEY}
 * @param trustedProxies {@code SLUICE_TRUSTED_PROXIES}: addresses and prefixes whose forwarding headers count
 * @param accessLog {@code SLUICE_ACCESS_LOG}: a line a request, without query, addresses or names
 * @param logLevel {@code SLUICE_LOG_LEVEL}
 * @param secrets {@code TOKENS_KEY_BASE}, {@code TOKENS_SALT} and {@code SLUICE_RELAYS}, which the library reads by
 *     these names
 * @param mail {@code SLUICE_MAIL_SERVER} and {@code SLUICE_MAIL_FROM}
 * @param secretsKey {@code SLUICE_SECRETS_KEY}: empty where a file has it
 * @param integrations {@code BILLING_ENABLED}, {@code STRIPE_…}, {@code WORKOS_…} and {@code SLUICE_ENTRA_…}, by the names of
 *     the library's settings
 */
public record PortalSettings(
        Path dataDirectory,
        DatabaseSettings database,
        String listenAddress,
        int webPort,
        String webUrl,
        int apiPort,
        int adminPort,
        Tls tls,
        List<String> trustedProxies,
        boolean accessLog,
        String logLevel,
        Map<String, String> secrets,
        MailServer mail,
        String secretsKey,
        Map<String, String> integrations) {
    private static final Pattern WEB_URL = Pattern.compile("https?://[A-Za-z0-9.\\[\\]:-]+/?");

    private static final List<String> LOG_LEVELS = List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE");

    /** Named as the system that we follow names them, and as Stripe's own tools expect. */
    private static final Map<String, String> INTEGRATIONS = Map.ofEntries(
            Map.entry("STRIPE_SECRET_KEY", "sluice.billing.secret-key"),
            Map.entry("STRIPE_WEBHOOK_SIGNING_SECRET", "sluice.billing.signing-secrets"),
            Map.entry("STRIPE_DEFAULT_PRICE_ID", "sluice.billing.default-price"),
            Map.entry("STRIPE_API_BASE", "sluice.billing.api-base"),
            Map.entry("WORKOS_API_KEY", "sluice.workos.api-key"),
            Map.entry("WORKOS_CLIENT_ID", "sluice.workos.client-id"),
            Map.entry("WORKOS_WEBHOOK_SECRET", "sluice.workos.webhook-secrets"),
            Map.entry("WORKOS_API_BASE", "sluice.workos.api-base"),
            Map.entry("SLUICE_SIGN_UP", "sluice.sign-up.domains"),
            Map.entry("SLUICE_ENTRA_LOGIN", "sluice.entra.login"),
            Map.entry("SLUICE_ENTRA_GRAPH", "sluice.entra.graph"));

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
        checkTokens(environment);
        MailServer mails =
                MailServer.from(text(environment, "SLUICE_MAIL_SERVER", ""), text(environment, "SLUICE_MAIL_FROM", ""));
        if (development && !(mails instanceof MailServer.None)) {
            throw new SettingException(
                    "--development sends no mails, and SLUICE_MAIL_SERVER says by which server: leave out"
                            + " one of them.");
        }
        return new PortalSettings(
                DatabaseSettings.dataDirectory(environment),
                DatabaseSettings.from(environment),
                text(environment, "SLUICE_LISTEN_ADDRESS", "0.0.0.0"),
                port(environment, "SLUICE_WEB_PORT", 13000),
                webUrl(environment),
                port(environment, "SLUICE_API_PORT", 13001),
                port(environment, "SLUICE_ADMIN_PORT", 13002),
                tls(environment),
                trustedProxies(environment),
                flag(environment, "SLUICE_ACCESS_LOG"),
                logLevel(environment),
                secrets(environment),
                development ? new MailServer.Development() : mails,
                text(environment, "SLUICE_SECRETS_KEY", ""),
                integrations(environment));
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
        properties.put("quarkus.log.category.\"dev.sluice\".level", logLevel);
        properties.put("sluice.web.port", Integer.toString(webPort));
        properties.put("sluice.web.url", console());
        properties.putAll(secrets);
        properties.putAll(integrations);
        properties.putAll(mail.properties());
        if (!secretsKey.isEmpty()) {
            properties.put("sluice.secrets.key", secretsKey);
        }
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
        return webUrl.isEmpty()
                ? String.format(Locale.ROOT, "%s://localhost:%d", tls instanceof Tls.On ? "https" : "http", webPort)
                : webUrl;
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
                switch (mail) {
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

    private static String webUrl(Map<String, String> environment) {
        String url = text(environment, "SLUICE_WEB_URL", "");
        if (!url.isEmpty() && !WEB_URL.matcher(url).matches()) {
            throw new SettingException(
                    "SLUICE_WEB_URL is where browsers find the console, as https://sluice.example.com,"
                            + " without a path; not '" + url + "'.");
        }
        return url;
    }

    private static Tls tls(Map<String, String> environment) {
        String certificate = text(environment, "SLUICE_TLS_CERTIFICATE", "");
        String key = text(environment, "SLUICE_TLS_KEY", "");
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

    private static int port(Map<String, String> environment, String name, int fallback) {
        String value = text(environment, name, Integer.toString(fallback));
        try {
            int port = Integer.parseInt(value);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Refused below, with the same words as a number out of range.
        }
        throw new SettingException(name + " must be a port from 1 to 65535 and is '" + value + "'.");
    }

    private static boolean flag(Map<String, String> environment, String name) {
        String value = text(environment, name, "false").toLowerCase(Locale.ROOT);
        return switch (value) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw new SettingException(name + " must be true or false and is '" + value + "'.");
        };
    }

    private static String logLevel(Map<String, String> environment) {
        String value = text(environment, "SLUICE_LOG_LEVEL", "INFO").toUpperCase(Locale.ROOT);
        if (!LOG_LEVELS.contains(value)) {
            throw new SettingException(
                    "SLUICE_LOG_LEVEL must be one of " + String.join(", ", LOG_LEVELS) + " and is '" + value + "'.");
        }
        return value;
    }

    /** What the library reads by itself, and would take for "not set" where it is misspelt. */
    private static void checkTokens(Map<String, String> environment) {
        flag(environment, "STATIC_SEEDS");
        if (environment.containsKey("TOKENS_KEY_BASE") != environment.containsKey("TOKENS_SALT")) {
            throw new SettingException("TOKENS_KEY_BASE and TOKENS_SALT belong together: set both, or neither.");
        }
        for (String name : List.of("TOKENS_KEY_BASE", "TOKENS_SALT")) {
            if (environment.getOrDefault(name, "set").isBlank()) {
                throw new SettingException(name + " is set and empty. Set it to a long random text, or not at all:"
                        + " then a key is made and kept in the database.");
            }
        }
    }

    private static Map<String, String> secrets(Map<String, String> environment) {
        Map<String, String> secrets = new TreeMap<>();
        for (String name : List.of("TOKENS_KEY_BASE", "TOKENS_SALT", "SLUICE_RELAYS")) {
            if (!environment.getOrDefault(name, "").isBlank()) {
                secrets.put(name, environment.get(name));
            }
        }
        return secrets;
    }

    private static Map<String, String> integrations(Map<String, String> environment) {
        Map<String, String> integrations = new TreeMap<>();
        integrations.put("sluice.billing.enabled", Boolean.toString(flag(environment, "BILLING_ENABLED")));
        INTEGRATIONS.forEach((name, property) -> {
            String value = text(environment, name, "");
            if (!value.isEmpty()) {
                integrations.put(property, value);
            }
        });
        return integrations;
    }

    private static List<String> trustedProxies(Map<String, String> environment) {
        List<String> proxies = list(environment, "SLUICE_TRUSTED_PROXIES");
        try {
            TrustedProxies.of(proxies);
            return proxies;
        } catch (IllegalArgumentException e) {
            throw new SettingException("SLUICE_TRUSTED_PROXIES: " + e.getMessage());
        }
    }

    private static List<String> list(Map<String, String> environment, String name) {
        return Stream.of(text(environment, name, "").split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static String text(Map<String, String> environment, String name, String fallback) {
        String value = environment.getOrDefault(name, "").strip();
        return value.isEmpty() ? fallback : value;
    }
}
