package dev.sluice.datapath.portal;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a device says of itself when it opens its WebSocket: the URL and the headers of the handshake.
 *
 * <pre>
 * {ws|wss}://host[:port]{path}/{client|gateway}/websocket?sluice=1&amp;external_id=…&amp;name=…&amp;public_key=…
 * X-Authorization: Bearer {token}
 * User-Agent: Linux/… headless-client/… (…) sluice/…
 * </pre>
 *
 * The token travels in a header, so that no log of URLs holds it. There is no {@code vsn} parameter: frames are JSON
 * objects (Phoenix V1).
 *
 * @param api the portal's base URL; {@code http} and {@code https} mean {@code ws} and {@code wss}; its path is kept
 * @param role which channel is joined
 * @param deviceId what identifies the device; hashed on the wire if it is a UUID
 * @param name the name people see, the host's by default
 * @param publicKey the WireGuard public key, standard base64, 44 characters
 * @param token the secret that the portal gave out; empty while nobody has signed in
 * @param userAgent carries the version that the portal matches peers by
 */
public record PortalLogin(
        URI api, Role role, String deviceId, String name, String publicKey, String token, String userAgent) {

    /** The types of resources that a gateway can serve. */
    private static final String SERVED = "cidr,ip";

    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}");

    /** The two channels a device can join. The topic is the wire's word for it. */
    public enum Role {
        CLIENT,
        GATEWAY;

        /** The channel's topic, which is also the first segment of the socket's path. */
        public String topic() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public PortalLogin {
        String scheme = api.getScheme();
        if (scheme == null || api.getHost() == null || websocketScheme(scheme).isEmpty()) {
            throw new IllegalArgumentException(
                    "the portal's URL must start with ws://, wss://, http:// or https:// and name a host");
        }
    }

    /** The address of the socket. Holds no secret. */
    public URI url() {
        StringBuilder url = new StringBuilder(websocketScheme(api.getScheme()))
                .append("://")
                .append(api.getRawAuthority());
        String path = api.getRawPath() == null ? "" : api.getRawPath();
        url.append(path.endsWith("/") ? path.substring(0, path.length() - 1) : path)
                .append('/')
                .append(role.topic())
                .append("/websocket?sluice=1");
        parameter(url, "external_id", externalId());
        parameter(url, "name", name);
        parameter(url, "public_key", publicKey);
        if (role == Role.GATEWAY) {
            parameter(url, "serves", SERVED);
        }
        return URI.create(url.toString());
    }

    /** The handshake's headers beside those of WebSocket itself. They hold the token: never log them. */
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("User-Agent", userAgent);
        headers.put("X-Authorization", "Bearer " + token);
        return headers;
    }

    /** The same device with another token. */
    public PortalLogin withToken(String other) {
        return new PortalLogin(api, role, deviceId, name, publicKey, other, userAgent);
    }

    /** SHA-256 in lower-case hex of an id that is a UUID, hashed as it is written; any other id verbatim. */
    String externalId() {
        if (!UUID_FORM.matcher(deviceId).matches()) {
            return deviceId;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(deviceId.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "PortalLogin[" + role.topic() + " " + name + " at " + api + "]";
    }

    private static void parameter(StringBuilder url, String key, String value) {
        url.append('&')
                .append(key)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
    }

    private static String websocketScheme(String scheme) {
        return switch (scheme.toLowerCase(Locale.ROOT)) {
            case "ws", "http" -> "ws";
            case "wss", "https" -> "wss";
            default -> "";
        };
    }
}
