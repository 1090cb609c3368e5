package dev.sluice.functions.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What an operator sets of every portal, whether it is a process or functions.
 *
 * @param webUrl {@code SLUICE_WEB_URL}: where browsers find the console; empty for this host
 * @param logLevel {@code SLUICE_LOG_LEVEL}
 * @param secrets {@code TOKENS_KEY_BASE}, {@code TOKENS_SALT} and {@code SLUICE_RELAYS}, which the library reads by
 *     these names
 * @param mail {@code SLUICE_MAIL_SERVER} and {@code SLUICE_MAIL_FROM}
 * @param secretsKey {@code SLUICE_SECRETS_KEY}: empty where a file has it
 * @param integrations {@code BILLING_ENABLED}, {@code STRIPE_…}, {@code WORKOS_…} and {@code SLUICE_ENTRA_…}, by the names of
 *     the library's settings
 */
public record PortalVariables(
        String webUrl,
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
     * Reads them.
     *
     * @param development whether mails are printed and listed, and not sent
     * @throws SettingException when a variable cannot be used
     */
    public static PortalVariables from(Variables variables, boolean development) {
        checkTokens(variables);
        MailServer mails =
                MailServer.from(variables.text("SLUICE_MAIL_SERVER", ""), variables.text("SLUICE_MAIL_FROM", ""));
        if (development && !(mails instanceof MailServer.None)) {
            throw new SettingException(
                    "--development sends no mails, and SLUICE_MAIL_SERVER says by which server: leave out"
                            + " one of them.");
        }
        return new PortalVariables(
                webUrl(variables),
                logLevel(variables),
                secrets(variables),
                development ? new MailServer.Development() : mails,
                variables.text("SLUICE_SECRETS_KEY", ""),
                integrations(variables));
    }

    /** Not the secrets. */
    @Override
    public String toString() {
        return "PortalVariables[" + properties().keySet() + "]";
    }

    /** The same as the application's configuration, but for the address of the console. */
    public Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("quarkus.log.category.\"dev.sluice\".level", logLevel);
        properties.putAll(secrets);
        properties.putAll(integrations);
        properties.putAll(mail.properties());
        if (!secretsKey.isEmpty()) {
            properties.put("sluice.secrets.key", secretsKey);
        }
        return properties;
    }

    private static String webUrl(Variables variables) {
        String url = variables.text("SLUICE_WEB_URL", "");
        if (!url.isEmpty() && !WEB_URL.matcher(url).matches()) {
            throw new SettingException(
                    "SLUICE_WEB_URL is where browsers find the console, as https://sluice.example.com,"
                            + " without a path; not '" + url + "'.");
        }
        return url;
    }

    private static String logLevel(Variables variables) {
        String value = variables.text("SLUICE_LOG_LEVEL", "INFO").toUpperCase(Locale.ROOT);
        if (!LOG_LEVELS.contains(value)) {
            throw new SettingException(
                    "SLUICE_LOG_LEVEL must be one of " + String.join(", ", LOG_LEVELS) + " and is '" + value + "'.");
        }
        return value;
    }

    /** What the library reads by itself, and would take for "not set" where it is misspelt. */
    private static void checkTokens(Variables variables) {
        variables.flag("STATIC_SEEDS");
        if (variables.environment().containsKey("TOKENS_KEY_BASE")
                != variables.environment().containsKey("TOKENS_SALT")) {
            throw new SettingException("TOKENS_KEY_BASE and TOKENS_SALT belong together: set both, or neither.");
        }
        for (String name : List.of("TOKENS_KEY_BASE", "TOKENS_SALT")) {
            if (variables.environment().getOrDefault(name, "set").isBlank()) {
                throw new SettingException(name + " is set and empty. Set it to a long random text, or not at all:"
                        + " then a key is made and kept in the database.");
            }
        }
    }

    private static Map<String, String> secrets(Variables variables) {
        Map<String, String> secrets = new TreeMap<>();
        for (String name : List.of("TOKENS_KEY_BASE", "TOKENS_SALT", "SLUICE_RELAYS")) {
            if (!variables.environment().getOrDefault(name, "").isBlank()) {
                secrets.put(name, variables.environment().get(name));
            }
        }
        return secrets;
    }

    private static Map<String, String> integrations(Variables variables) {
        Map<String, String> integrations = new TreeMap<>();
        integrations.put("sluice.billing.enabled", Boolean.toString(variables.flag("BILLING_ENABLED")));
        INTEGRATIONS.forEach((name, property) -> {
            String value = variables.text(name, "");
            if (!value.isEmpty()) {
                integrations.put(property, value);
            }
        });
        return integrations;
    }
}
