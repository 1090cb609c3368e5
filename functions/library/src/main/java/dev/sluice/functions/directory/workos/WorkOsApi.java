package dev.sluice.functions.directory.workos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.functions.directory.PlainText;
import dev.sluice.functions.directory.sync.DirectoryConnector.Group;
import dev.sluice.functions.directory.sync.DirectoryConnector.Page;
import dev.sluice.functions.directory.sync.DirectoryConnector.User;
import dev.sluice.functions.directory.sync.DirectoryFailure;
import dev.sluice.functions.directory.sync.Provided;
import dev.sluice.functions.directory.sync.ProviderClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the portal asks WorkOS for. */
@ApplicationScoped
public class WorkOsApi {
    private static final String PROVIDER = "WorkOS";
    private static final String JSON = "application/json";
    private static final int PAGE = 100;

    /** What WorkOS calls a directory that is connected: the newer API says active. */
    private static final Set<String> LINKED = Set.of("linked", "active");

    private static final String ACTIVE = "active";

    private final ProviderClient client;
    private final WorkOsSettings settings;

    @Inject
    public WorkOsApi(ProviderClient client, WorkOsSettings settings) {
        this.client = client;
        this.settings = settings;
    }

    /** Makes an organization, and says its id. */
    String createOrganization(String name) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("name", name);
        return text(post("/organizations", body), "id");
    }

    /** A page on which an organization's admin links their directory, for some minutes. */
    String setUpLink(String organization, @Nullable String returnUrl) {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("organization", organization)
                .put("intent", "dsync");
        if (returnUrl != null) {
            body.put("return_url", returnUrl).put("success_url", returnUrl);
        }
        return text(post("/portal/generate_link", body), "link");
    }

    /** The directories that an organization has linked. */
    List<String> linkedDirectories(String organization) {
        List<String> linked = new ArrayList<>();
        for (JsonNode directory : data(get("/directories?limit=100&organization_id=" + encoded(organization)))) {
            if (LINKED.contains(directory.path("state").asText())) {
                linked.add(text(directory, "id"));
            }
        }
        return linked;
    }

    Page<User> users(String directory, @Nullable String after) {
        return page("/directory_users?directory=" + encoded(directory), after, WorkOsApi::user);
    }

    Page<Group> groups(String directory, @Nullable String after) {
        return page(
                "/directory_groups?directory=" + encoded(directory),
                after,
                group -> new Group(
                        text(group, "id"), PlainText.name(group.path("name").textValue(), text(group, "id"))));
    }

    /** By the list of a group's users: the groups that a user has in a list may be empty, whatever they have. */
    Page<String> members(String group, @Nullable String after) {
        return page("/directory_users?group=" + encoded(group), after, user -> idOf(user));
    }

    /** One user; empty if there is none any more. */
    Optional<User> user(String id) {
        return client.find(PROVIDER, at("/directory_users/" + encoded(id)), key())
                .map(WorkOsApi::user);
    }

    /** By what the directory's identity provider knows them. */
    static String idOf(JsonNode user) {
        return text(user, "idp_id");
    }

    private static User user(JsonNode user) {
        String id = idOf(user);
        String email = PlainText.email(email(user));
        String userName = PlainText.name(user.path("username").textValue(), email == null ? id : email);
        String name = PlainText.name(
                user.path("first_name").asText("") + " "
                        + user.path("last_name").asText(""),
                userName);
        return new User(id, userName, name, email, user.path("state").asText().equals(ACTIVE));
    }

    private static @Nullable String email(JsonNode user) {
        if (user.path("email").isTextual()) {
            return user.path("email").textValue();
        }
        for (JsonNode email : user.path("emails")) {
            if (email.path("primary").asBoolean()) {
                return email.path("value").textValue();
            }
        }
        return user.path("username").textValue();
    }

    private <T> Page<T> page(String path, @Nullable String after, Function<JsonNode, T> read) {
        JsonNode answer = get(path + "&limit=" + PAGE + (after == null ? "" : "&after=" + encoded(after)));
        List<T> rows = new ArrayList<>();
        data(answer).forEach(row -> rows.add(read.apply(row)));
        String next = answer.path("list_metadata").path("after").textValue();
        if (next != null && rows.isEmpty()) {
            throw DirectoryFailure.passing("WorkOS answers with an empty page, and says that there are more.");
        }
        return new Page<>(rows, next);
    }

    private JsonNode get(String path) {
        return client.get(PROVIDER, at(path), key());
    }

    private JsonNode post(String path, ObjectNode body) {
        return client.post(PROVIDER, at(path), key(), JSON, body.toString());
    }

    private URI at(String path) {
        return URI.create(settings.apiBase().toString().replaceFirst("/+$", "") + path);
    }

    private String key() {
        return settings.apiKey()
                .orElseThrow(() -> DirectoryFailure.lasting(
                        "The portal's operator has not said as whom to ask WorkOS: WORKOS_API_KEY."));
    }

    private static JsonNode data(JsonNode answer) {
        JsonNode data = answer.path("data");
        if (!data.isArray()) {
            throw DirectoryFailure.passing("WorkOS answers with something that is no list.");
        }
        return data;
    }

    private static String text(JsonNode object, String field) {
        return Provided.id(object.path(field).textValue());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
