package dev.sluice.lab;

import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a person does with the portal's pages, on its own host: keeps cookies, sends forms, and follows nothing by itself. */
public final class LocalBrowser {
    private static final int PATIENCE_MILLISECONDS = 10_000;
    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([a-z_]+)\" value=\"([^\"]*)\">");

    private final String host;
    private final Map<String, String> cookies = new TreeMap<>();

    public LocalBrowser(String host) {
        this.host = host;
    }

    /** @param location where the answer leads to; empty for nowhere */
    public record Page(int status, String location, String body) {
        /** The hidden fields of its first forms, to be sent with them. */
        public Map<String, String> hidden() {
            Map<String, String> fields = new TreeMap<>();
            Matcher found = HIDDEN.matcher(body);
            while (found.find()) {
                fields.putIfAbsent(found.group(1), found.group(2));
            }
            return fields;
        }
    }

    /** Opens what an address of the portal leads to, whatever host it names. */
    public Page open(String address) throws Exception {
        URI uri = URI.create(address);
        return send("GET", uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()), "");
    }

    /** Sends a form. */
    public Page submit(String path, Map<String, String> fields) throws Exception {
        return send(
                "POST",
                path,
                fields.entrySet().stream()
                        .map(field ->
                                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&")));
    }

    private Page send(String method, String path, String form) throws Exception {
        return Namespace.call(host, () -> {
            HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + Portal.WEB_PORT + path)
                    .toURL()
                    .openConnection();
            connection.setRequestMethod(method);
            connection.setInstanceFollowRedirects(false);
            connection.setConnectTimeout(PATIENCE_MILLISECONDS);
            connection.setReadTimeout(PATIENCE_MILLISECONDS);
            connection.setRequestProperty(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
            if (method.equals("POST")) {
                connection.setRequestProperty("Content-Type", "application/x-www-form-urlencoded");
                connection.setDoOutput(true);
                connection.getOutputStream().write(form.getBytes(StandardCharsets.UTF_8));
            }
            int status = connection.getResponseCode();
            for (String set : connection.getHeaderFields().getOrDefault("Set-Cookie", List.of())) {
                String[] cookie = set.split(";", 2)[0].split("=", 2);
                cookies.put(cookie[0], cookie[1].replace("\"", ""));
            }
            String location = connection.getHeaderField("Location");
            try (InputStream body = status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
                String text = body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
                return new Page(status, location == null ? "" : location, text);
            }
        });
    }
}
