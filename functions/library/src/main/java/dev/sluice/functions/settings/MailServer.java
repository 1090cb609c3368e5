package dev.sluice.functions.settings;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** By which server mails are sent, and from whom. */
public sealed interface MailServer {
    /** The same as the application's configuration. */
    Map<String, String> properties();

    /** Nothing is sent. */
    record None() implements MailServer {
        @Override
        public Map<String, String> properties() {
            return Map.of();
        }
    }

    /** Nothing is sent: mails are printed, and listed to the operator. For whoever tries the portal out, on this host. */
    record Development() implements MailServer {
        private static final String FROM = "Sluice <sluice@localhost>";

        @Override
        public Map<String, String> properties() {
            return Map.of(
                    "quarkus.mailer.from",
                    FROM,
                    "quarkus.mailer.mock",
                    "true",
                    "quarkus.log.category.\"quarkus-mailer\".level",
                    "INFO",
                    "sluice.mail.from",
                    FROM,
                    "sluice.mail.listed",
                    "true");
        }
    }

    /**
     * A server that takes mails by SMTP.
     *
     * @param isSecure whether by TLS from the first byte on; else it is asked for STARTTLS, and has to have it where it is
     *     shown a password
     * @param user empty for none
     */
    record Smtp(String host, int port, boolean isSecure, String user, String password, String from)
            implements MailServer {
        @Override
        public Map<String, String> properties() {
            Map<String, String> properties = new TreeMap<>(Map.of(
                    "quarkus.mailer.host",
                    host,
                    "quarkus.mailer.port",
                    Integer.toString(port),
                    "quarkus.mailer.tls",
                    Boolean.toString(isSecure),
                    "quarkus.mailer.start-tls",
                    isSecure ? "DISABLED" : user.isEmpty() ? "OPTIONAL" : "REQUIRED",
                    "quarkus.mailer.from",
                    from,
                    // Mails are rare: a kept connection would mostly be one that the server, or a router, has
                    // forgotten.
                    "quarkus.mailer.keep-alive",
                    "false",
                    "quarkus.mailer.mock",
                    "false",
                    "sluice.mail.from",
                    from));
            if (!user.isEmpty()) {
                properties.put("quarkus.mailer.username", user);
                properties.put("quarkus.mailer.password", password);
                properties.put("quarkus.mailer.login", "REQUIRED");
            }
            return properties;
        }

        /** Not the password. */
        @Override
        public String toString() {
            return "Smtp[" + host + ":" + port + "]";
        }
    }

    String RULE = "SLUICE_MAIL_SERVER is smtp://user:password@host:587, or smtps://… for TLS from the first byte on.";

    /**
     * Reads what an operator says.
     *
     * @param url empty for none
     * @param from empty for none
     * @throws SettingException when one of them cannot be, or is without the other
     */
    static MailServer from(String url, String from) {
        if (url.isEmpty() && from.isEmpty()) {
            return new None();
        }
        if (url.isEmpty() || !from.matches("(?:[^<>]*<[^<>@\\s]+@[^<>@\\s]+>|[^<>@\\s]+@[^<>@\\s]+)")) {
            throw new SettingException("SLUICE_MAIL_SERVER and SLUICE_MAIL_FROM belong together:"
                    + " the second is who mails are from, as Sluice <sluice@example.com>.");
        }
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new SettingException(RULE);
        }
        boolean secure = "smtps".equals(uri.getScheme());
        if (uri.getHost() == null || !secure && !"smtp".equals(uri.getScheme())) {
            throw new SettingException(RULE);
        }
        String[] user = uri.getRawUserInfo() == null
                ? new String[] {"", ""}
                : uri.getRawUserInfo().split(":", 2);
        if (user.length < 2) {
            throw new SettingException(RULE);
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 465 : 587;
        return new Smtp(uri.getHost(), port, secure, decoded(user[0]), decoded(user[1]), from);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
