package dev.sluice.functions.directory.entra;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.functions.directory.PlainText;
import dev.sluice.functions.directory.sync.DirectoryConnector;
import dev.sluice.functions.directory.sync.DirectoryFailure;
import dev.sluice.functions.directory.sync.Provided;
import dev.sluice.functions.directory.sync.ProviderClient;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Microsoft's Graph. Users who are disabled are listed too: that they are is something that it says, and no absence. Members
 * of a group are those of the groups in it as well.
 */
final class Graph implements DirectoryConnector {
    /** @param seconds for which it is good */
    record Token(String text, long seconds) {}

    private static final String PROVIDER = "Entra";

    /** Before it ends, a token is not used any more. */
    private static final long SPARE_SECONDS = 120;

    private static final String USERS =
            "/v1.0/users?$select=id,accountEnabled,displayName,givenName,surname,mail,userPrincipalName&$top=999";
    private static final String GROUPS = "/v1.0/groups?$select=id,displayName&$top=999";
    private static final String MEMBERS =
            "/v1.0/groups/%s/transitiveMembers/microsoft.graph.user?$select=id,accountEnabled&$top=999";

    private final ProviderClient client;
    private final URI base;
    private final Supplier<Token> signIn;

    private String token = "";
    private long until = System.nanoTime();

    Graph(ProviderClient client, URI base, Supplier<Token> signIn) {
        this.client = client;
        this.base = base;
        this.signIn = signIn;
    }

    @Override
    public Page<User> users(@Nullable String after) {
        return page(USERS, after, Graph::user);
    }

    @Override
    public Page<Group> groups(@Nullable String after) {
        return page(GROUPS, after, group -> {
            String id = id(group);
            return new Group(id, PlainText.name(group.path("displayName").textValue(), id));
        });
    }

    @Override
    public Page<String> members(String group, @Nullable String after) {
        return page(String.format(MEMBERS, URLEncoder.encode(group, StandardCharsets.UTF_8)), after, Graph::id);
    }

    private static User user(JsonNode user) {
        String id = id(user);
        String userName = PlainText.name(user.path("userPrincipalName").textValue(), id);
        String both =
                user.path("givenName").asText("") + " " + user.path("surname").asText("");
        String name = PlainText.name(user.path("displayName").textValue(), PlainText.name(both, userName));
        return new User(
                id,
                userName,
                name,
                PlainText.email(user.path("userPrincipalName").textValue()),
                user.path("accountEnabled").asBoolean(true));
    }

    private static String id(JsonNode object) {
        return Provided.id(object.path("id").textValue());
    }

    private <T> Page<T> page(String path, @Nullable String after, Function<JsonNode, T> read) {
        URI url = after == null ? base.resolve(path.replace("$", "%24")) : following(after);
        JsonNode answer = client.get(PROVIDER, url, token());
        JsonNode value = answer.path("value");
        if (!value.isArray()) {
            throw DirectoryFailure.passing("Entra answers with something that is no list.");
        }
        List<T> rows = new ArrayList<>();
        value.forEach(row -> rows.add(read.apply(row)));
        return new Page<>(rows, answer.path("@odata.nextLink").textValue());
    }

    /** The token goes nowhere else, whatever the answer says. */
    private URI following(String link) {
        URI url;
        try {
            url = URI.create(link.replace(" ", "%20"));
        } catch (IllegalArgumentException e) {
            throw elsewhere();
        }
        if (!String.valueOf(url.getScheme()).equals(base.getScheme())
                || !String.valueOf(url.getHost()).equals(base.getHost())
                || url.getPort() != base.getPort()
                || url.getUserInfo() != null) {
            throw elsewhere();
        }
        return url;
    }

    private static DirectoryFailure elsewhere() {
        return DirectoryFailure.passing("Entra's next page would be somewhere else than at Entra.");
    }

    private synchronized String token() {
        if (token.isEmpty() || System.nanoTime() - until > 0) {
            Token signed = signIn.get();
            token = signed.text();
            until = System.nanoTime() + Math.max(0, signed.seconds() - SPARE_SECONDS) * 1_000_000_000L;
        }
        return token;
    }
}
