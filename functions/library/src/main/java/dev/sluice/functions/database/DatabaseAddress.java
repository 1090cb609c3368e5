package dev.sluice.functions.database;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One database as one role: where it is and who connects.
 *
 * @param jdbcUrl without credentials, such as {@code jdbc:postgresql://db.example:5432/sluice?sslmode=verify-full}
 * @param user the role that connects
 * @param password of that role; empty when the server asks for none
 */
public record DatabaseAddress(String jdbcUrl, String user, String password) {
    /** The driver's name for the detail of an error, which quotes rows: addresses and names of people. */
    static final String ERROR_DETAIL = "logServerErrorDetail";

    private static final String JDBC = "jdbc:";
    private static final String DEFAULT_PORT = "5432";
    private static final String SOCKET_FACTORY = "org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg";

    private static final Pattern FORM = Pattern.compile(
            "(jdbc:)?postgres(ql)?://((?<user>[^@/]*)@)?(?<hosts>[^/?@]*)" + "/(?<database>[^?/]+)([?](?<query>.*))?");

    private static final Pattern HOST =
            Pattern.compile("([A-Za-z0-9_][A-Za-z0-9_.-]*|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");

    /**
     * Reads {@code postgresql://user:password@host:port/database?sslmode=…} (user and password percent-encoded; scheme
     * {@code postgres} too) or {@code jdbc:postgresql://host/database?user=…&password=…}. Without a user it is that of this
     * process. Several hosts, with commas between, are the members of a cluster: its primary is used, whichever it is. A
     * host that is a directory, as {@code %2Frun%2Fpostgresql} or by {@code ?host=/run/postgresql}, is that of a UNIX
     * socket.
     *
     * @throws DatabaseException when it is neither; the message does not repeat the text, which may hold a password
     */
    public static DatabaseAddress parse(String name, String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw malformed(name);
        }
        String user = "";
        String password = "";
        String userInfo = matcher.group("user");
        if (userInfo != null) {
            int colon = userInfo.indexOf(':');
            user = decode(name, colon < 0 ? userInfo : userInfo.substring(0, colon));
            password = colon < 0 ? "" : decode(name, userInfo.substring(colon + 1));
        }
        String hosts = decode(name, matcher.group("hosts"));
        List<String> kept = new ArrayList<>();
        String query = matcher.group("query");
        for (String parameter : query == null ? new String[0] : query.split("&", -1)) {
            if (parameter.startsWith("user=")) {
                user = decode(name, parameter.substring("user=".length()));
            } else if (parameter.startsWith("password=")) {
                password = decode(name, parameter.substring("password=".length()));
            } else if (parameter.startsWith("host=")) {
                hosts = decode(name, parameter.substring("host=".length()));
            } else if (!parameter.isEmpty()) {
                kept.add(parameter);
            }
        }
        if (user.isEmpty()) {
            // As PostgreSQL's own programs do.
            user = System.getProperty("user.name");
        }
        String server = hosts.startsWith("/") ? socket(hosts, kept) : servers(name, hosts, kept);
        String parameters = kept.isEmpty() ? "" : "?" + String.join("&", kept);
        return new DatabaseAddress(
                JDBC + "postgresql://" + server + "/" + matcher.group("database") + parameters, user, password);
    }

    private static String servers(String name, String hosts, List<String> parameters) {
        List<String> servers = List.of(hosts.split(",", -1));
        if (!servers.stream().allMatch(HOST.asMatchPredicate())) {
            throw malformed(name);
        }
        boolean chosen = parameters.stream().anyMatch(parameter -> parameter.startsWith("targetServerType="));
        if (servers.size() > 1 && !chosen) {
            parameters.add("targetServerType=primary");
        }
        return hosts;
    }

    private static String socket(String directory, List<String> parameters) {
        int colon = directory.indexOf(':');
        String port = colon < 0 ? DEFAULT_PORT : directory.substring(colon + 1);
        String path = (colon < 0 ? directory : directory.substring(0, colon)) + "/.s.PGSQL." + port;
        parameters.add("socketFactory=" + SOCKET_FACTORY);
        parameters.add("socketFactoryArg=" + URLEncoder.encode(path, StandardCharsets.UTF_8));
        parameters.add("sslmode=disable");
        return "localhost";
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
        properties.setProperty("user", user);
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

    private static String decode(String name, String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            throw malformed(name);
        }
    }

    private static DatabaseException malformed(String name) {
        return new DatabaseException(name + " is not an address of a PostgreSQL database."
                + " Write it as postgresql://user:password@host:5432/database (user and password percent-encoded),"
                + " with several hosts as host1:5432,host2:5432.");
    }
}
