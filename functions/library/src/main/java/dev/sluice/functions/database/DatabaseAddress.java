package dev.sluice.functions.database;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * One database as one role: where it is and who connects.
 *
 * @param jdbcUrl without credentials, such as {@code jdbc:postgresql://db.example:5432/sluice?sslmode=verify-full}
 * @param user the role that connects; empty leaves it to the driver
 * @param password of that role; empty when the server asks for none
 */
public record DatabaseAddress(String jdbcUrl, String user, String password) {
    /** The driver's name for the detail of an error, which quotes rows: addresses and names of people. */
    static final String ERROR_DETAIL = "logServerErrorDetail";

    private static final String JDBC = "jdbc:";

    /**
     * Reads {@code postgresql://user:password@host:port/database?sslmode=…} (user and password percent-encoded; scheme
     * {@code postgres} too) or {@code jdbc:postgresql://host/database?user=…&password=…}.
     *
     * @throws DatabaseException when it is neither; the message does not repeat the text, which may hold a password
     */
    public static DatabaseAddress parse(String name, String text) {
        String plain = text.startsWith(JDBC) ? text.substring(JDBC.length()) : text;
        URI uri;
        try {
            uri = new URI(plain);
        } catch (URISyntaxException e) {
            throw malformed(name);
        }
        boolean scheme = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
        String path = uri.getRawPath();
        if (!scheme || uri.getHost() == null || path == null || path.length() < 2) {
            throw malformed(name);
        }
        String user = "";
        String password = "";
        String userInfo = uri.getRawUserInfo();
        if (userInfo != null) {
            int colon = userInfo.indexOf(':');
            user = decode(colon < 0 ? userInfo : userInfo.substring(0, colon));
            password = colon < 0 ? "" : decode(userInfo.substring(colon + 1));
        }
        List<String> kept = new ArrayList<>();
        String query = uri.getRawQuery();
        for (String parameter : query == null ? new String[0] : query.split("&", -1)) {
            if (parameter.startsWith("user=")) {
                user = decode(parameter.substring("user=".length()));
            } else if (parameter.startsWith("password=")) {
                password = decode(parameter.substring("password=".length()));
            } else if (!parameter.isEmpty()) {
                kept.add(parameter);
            }
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String parameters = kept.isEmpty() ? "" : "?" + String.join("&", kept);
        return new DatabaseAddress(JDBC + "postgresql://" + uri.getHost() + port + path + parameters, user, password);
    }

    /** The same server and role, another database on it. */
    public DatabaseAddress database(String name) {
        int query = jdbcUrl.indexOf('?');
        String base = query < 0 ? jdbcUrl : jdbcUrl.substring(0, query);
        String parameters = query < 0 ? "" : jdbcUrl.substring(query);
        return new DatabaseAddress(base.substring(0, base.lastIndexOf('/') + 1) + name + parameters, user, password);
    }

    /** Opens one connection, to be closed by the caller; as the pools of {@code microprofile-config.properties} do. */
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("socketTimeout", "30");
        properties.setProperty("tcpKeepAlive", "true");
        if (!user.isEmpty()) {
            properties.setProperty("user", user);
        }
        if (!password.isEmpty()) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", "sluice");
        properties.setProperty("connectTimeout", "10");
        properties.setProperty(ERROR_DETAIL, "false");
        return DriverManager.getConnection(jdbcUrl, properties);
    }

    @Override
    public String toString() {
        return "DatabaseAddress[" + jdbcUrl + ", user=" + user + ", password=(hidden)]";
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static DatabaseException malformed(String name) {
        return new DatabaseException(name + " is not an address of a PostgreSQL database."
                + " Write it as postgresql://user:password@host:5432/database (user and password percent-encoded).");
    }
}
