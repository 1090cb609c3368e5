package dev.sluice.functions.console;

import jakarta.ws.rs.BadRequestException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/**
 * What somebody signs in for, as every address of a sign-in carries it: the console, unless it says {@code as=client}, for a
 * client beside the browser, or {@code as=device}, for one that has shown a code.
 */
public final class Intent {
    /** What a client may choose: it stands in addresses, and is part of a token's text. */
    private static final String CHOSEN = "[A-Za-z0-9_=-]{1,128}";

    private static final String CODE = "[A-Za-z -]{1,32}";

    @RestQuery
    @Nullable String as;

    @RestQuery
    @Nullable String state;

    @RestQuery
    @Nullable String nonce;

    @RestQuery("user_code")
    @Nullable String userCode;

    /** Of {@link #query}. */
    static Intent parse(String query) {
        Intent intent = new Intent();
        for (String parameter : query.replaceFirst("^[?]", "").split("&")) {
            String[] pair = parameter.split("=", 2);
            String value = pair.length < 2 ? "" : URLDecoder.decode(pair[1], StandardCharsets.UTF_8);
            switch (pair[0]) {
                case "as" -> intent.as = value;
                case "state" -> intent.state = value;
                case "nonce" -> intent.nonce = value;
                case "user_code" -> intent.userCode = value;
                default -> {}
            }
        }
        return intent;
    }

    /** For a client beside the browser. */
    public boolean isForClient() {
        return "client".equals(as);
    }

    /** For a device that has shown a code. */
    public boolean isForDevice() {
        return "device".equals(as);
    }

    /** What the client recognises the answer by. */
    String state() {
        return chosen("state", state);
    }

    /** What the client keeps for itself of its token. */
    String nonce() {
        return chosen("nonce", nonce);
    }

    /**
     * Says at once what would lead nowhere.
     *
     * @throws BadRequestException when it is none that a client makes
     */
    void check() {
        parameters();
    }

    /** The part of an address that says it, from its question mark on; empty for the console. */
    public String query() {
        return parameters().isEmpty() ? "" : "?" + text();
    }

    /** The same beside other parameters, from its {@code &} on. */
    public String more() {
        return parameters().isEmpty() ? "" : "&" + text();
    }

    /** The same, for a form. */
    public Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (isForClient()) {
            parameters.put("as", "client");
            parameters.put("state", state());
            parameters.put("nonce", nonce());
        } else if (isForDevice()) {
            parameters.put("as", "device");
            if (userCode != null && userCode.matches(CODE)) {
                parameters.put("user_code", userCode);
            }
        }
        return parameters;
    }

    private String text() {
        return parameters().entrySet().stream()
                .map(parameter ->
                        parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static String chosen(String name, @Nullable String value) {
        if (value == null || !value.matches(CHOSEN)) {
            throw new BadRequestException("The address is not whole: its '" + name
                    + "' is missing, or none that a client makes. Sign in from the client again.");
        }
        return value;
    }
}
