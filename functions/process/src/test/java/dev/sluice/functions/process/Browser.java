package dev.sluice.functions.process;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a person's browser does with pages: it keeps cookies, and sends forms with the fields that they have. */
final class Browser {
    static final String FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    static final String CHROME =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Pattern FIELD =
            Pattern.compile("<input type=\"hidden\" name=\"([a-z_]+)\" value=\"([^\"]*)\">");

    private final URI base;
    private String name = FIREFOX;
    final Map<String, String> cookies = new TreeMap<>();
    private final Map<String, String> headers = new HashMap<>();

    Browser(URI base) {
        this.base = base;
    }

    /** @param set what came in Set-Cookie, each */
    record Page(int status, String body, String location, HttpResponse<String> response) {
        /** A field that is sent with the page's form. */
        String field(String name) {
            Matcher fields = FIELD.matcher(body);
            while (fields.find()) {
                if (fields.group(1).equals(name)) {
                    return fields.group(2);
                }
            }
            throw new AssertionError("no field " + name + " in " + body);
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    Browser named(String userAgent) {
        name = userAgent;
        return this;
    }

    Browser with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    Page get(String path) throws IOException, InterruptedException {
        return send(path, request -> request.GET());
    }

    Page post(String path, Map<String, String> fields) throws IOException, InterruptedException {
        String form = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(
                path,
                request -> request.header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form)));
    }

    private interface Method {
        HttpRequest.Builder of(HttpRequest.Builder request);
    }

    private Page send(String path, Method method) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(base.resolve(path)).header("User-Agent", name);
        headers.forEach(request::header);
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        var response = HTTP.send(method.of(request).build(), BodyHandlers.ofString());
        for (String set : response.headers().allValues("Set-Cookie")) {
            String[] cookie = set.split(";")[0].split("=", 2);
            if (set.contains("Max-Age=0")) {
                cookies.remove(cookie[0]);
            } else {
                cookies.put(cookie[0], cookie[1].replace("\"", ""));
            }
        }
        return new Page(
                response.statusCode(),
                response.body(),
                response.headers().firstValue("Location").orElse(""),
                response);
    }
}
