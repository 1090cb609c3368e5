package dev.sluice.functions.command;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Where the portal is asked, and by what it knows who asks: the admin listener of this host with the operator's secret, or
 * with a token of an API client the API from anywhere.
 *
 * @param secret a bearer's; never printed
 * @param isOperator whether it is the operator's
 */
record Endpoint(URI url, String secret, boolean isOperator) {
    private static final String API = "http://127.0.0.1:13001";

    /** @throws CommandException when the environment names none that can be used */
    static Endpoint of(Map<String, String> environment) {
        String url = environment.getOrDefault("SLUICE_URL", "").strip();
        String token = environment.getOrDefault("SLUICE_API_TOKEN", "").strip();
        if (token.isEmpty()) {
            if (!url.isEmpty()) {
                throw new CommandException(
                        "SLUICE_URL is set, and SLUICE_API_TOKEN is not: set it to the token of an API"
                                + " client, or unset SLUICE_URL to use the admin listener of this host.");
            }
            return new Endpoint(URI.create("http://127.0.0.1:" + port(environment)), adminSecret(environment), true);
        }
        return new Endpoint(api(url.isEmpty() ? API : url), token, false);
    }

    /** Whoever reads what goes over plain http has the token: it stays on this host. */
    private static URI api(String text) {
        URI url;
        try {
            url = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        } catch (URISyntaxException e) {
            throw unusable(text);
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (url.getHost() == null || url.getRawQuery() != null || url.getRawUserInfo() != null) {
            throw unusable(text);
        }
        if (scheme.equals("https") || scheme.equals("http") && isLoopback(url.getHost())) {
            return url;
        }
        if (scheme.equals("http")) {
            throw new CommandException("SLUICE_URL is '" + text
                    + "': over plain http the token could be read on its way." + " Write https://.");
        }
        throw unusable(text);
    }

    private static CommandException unusable(String text) {
        return new CommandException("SLUICE_URL is '" + text + "' and must be as https://portal.example.com.");
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static int port(Map<String, String> environment) {
        String value = environment.getOrDefault("SLUICE_ADMIN_PORT", "").strip();
        try {
            int port = value.isEmpty() ? 13002 : Integer.parseInt(value);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Refused below, with the same words as a number out of range.
        }
        throw new CommandException("SLUICE_ADMIN_PORT must be a port from 1 to 65535 and is '" + value + "'.");
    }

    private static String adminSecret(Map<String, String> environment) {
        Path file = dataDirectory(environment).resolve("admin-secret");
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            throw new CommandException("there is no admin secret in " + file + ": the portal has not run with this data"
                    + " directory. Start it with './sluice portal start', or set SLUICE_DATA_DIR.");
        } catch (IOException e) {
            throw new CommandException("the admin secret in " + file + " cannot be read: run this as the user who runs"
                    + " the portal, or as root.");
        }
    }

    /** As the portal finds it: SLUICE_DATA_DIR, else sluice in the user's data directory. */
    private static Path dataDirectory(Map<String, String> environment) {
        String configured = environment.getOrDefault("SLUICE_DATA_DIR", "");
        if (!configured.isBlank()) {
            return Path.of(configured);
        }
        String base = environment.getOrDefault("XDG_DATA_HOME", "");
        Path directory = base.isBlank() || !Path.of(base).isAbsolute()
                ? Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".local/share")
                : Path.of(base);
        return directory.resolve("sluice");
    }

    /** What to do when nobody answers there. */
    String remedy() {
        return isOperator
                ? "the portal does not run: nothing listens on " + url.getAuthority()
                        + ". Start it with './sluice portal start'; if it has another admin port, set SLUICE_ADMIN_PORT."
                : "nothing listens on " + url.getAuthority() + ", which SLUICE_URL names.";
    }

    /** What to do when the secret is refused there. */
    String refusal() {
        return isOperator
                ? "the portal does not accept the admin secret: it runs with another data directory. Set SLUICE_DATA_DIR to"
                        + " the one it was started with."
                : "the portal does not accept the token in SLUICE_API_TOKEN: it is not of an API client, or was deleted, or"
                        + " has expired.";
    }

    @Override
    public String toString() {
        return url.toString();
    }
}
