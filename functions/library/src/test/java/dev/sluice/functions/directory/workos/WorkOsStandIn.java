package dev.sluice.functions.directory.workos;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.functions.directory.sync.ProviderStandIn;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Speaks WorkOS' Directory Sync API as far as the portal asks it. */
public final class WorkOsStandIn extends ProviderStandIn {
    public static final String KEY = "sk_of_the_tests";
    public static final String SECRET = "wh_of_the_tests";

    /** As WorkOS calls the directory. */
    public static final String SOURCE = "directory_01";

    private final List<String> linked = new ArrayList<>(List.of(SOURCE));

    /** Which directories the organization has linked. */
    public synchronized void link(String... directories) {
        linked.clear();
        linked.addAll(List.of(directories));
    }

    /** The header of a webhook whose body this is. */
    public static String signature(String body, Instant at, String secret) {
        String time = Long.toString(at.toEpochMilli());
        return "t=" + time + ", v1="
                + HexFormat.of().formatHex(WorkOsSignature.sign(secret, time, body.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    protected String error(int status) {
        return "{\"message\":\"WorkOS has something against it\",\"code\":\"error_" + status + "\"}";
    }

    @Override
    protected Answer answer(String method, String path, Map<String, String> query, String body) {
        if (method.equals("POST") && path.equals("/organizations")) {
            return new Answer(201, "{\"object\":\"organization\",\"id\":\"org_01\"}");
        }
        if (method.equals("POST") && path.equals("/portal/generate_link")) {
            return new Answer(201, "{\"link\":\"https://setup.workos.example/?token=1\"}");
        }
        if (path.equals("/directories")) {
            return list(
                    linked.stream()
                            .map(id -> object(id).put("state", "linked").put("type", "jump cloud scim v2.0"))
                            .toList(),
                    query);
        }
        if (path.equals("/directory_groups")) {
            return list(
                    groups.entrySet().stream()
                            .map(group -> object(group.getKey()).put("name", group.getValue()))
                            .toList(),
                    query);
        }
        if (path.equals("/directory_users")) {
            String group = query.get("group");
            Stream<Person> of = group == null
                    ? people.values().stream()
                    : members.getOrDefault(group, Set.of()).stream().flatMap(id -> Stream.ofNullable(people.get(id)));
            return list(of.map(WorkOsStandIn::user).toList(), query);
        }
        if (path.startsWith("/directory_users/")) {
            Person person = people.get(path.substring("/directory_users/directory_user_".length()));
            return person == null
                    ? new Answer(404, error(404))
                    : new Answer(200, user(person).toString());
        }
        return new Answer(404, error(404));
    }

    /** As newer teams have it: the groups of a user are not listed with them. */
    static ObjectNode user(Person person) {
        ObjectNode user = object("directory_user_" + person.id())
                .put("idp_id", person.id())
                .put("directory_id", SOURCE)
                .put("first_name", person.name())
                .putNull("last_name")
                .put("email", person.id() + "@example.com")
                .put("username", person.id() + "@example.com")
                .put("state", person.active() ? "active" : "inactive");
        user.putArray("groups");
        return user;
    }

    private static ObjectNode object(String id) {
        return JSON.createObjectNode().put("id", id);
    }

    private Answer list(List<ObjectNode> all, Map<String, String> query) {
        Part part = part(all, query.get("after"));
        ObjectNode answer = JSON.createObjectNode().put("object", "list");
        answer.putArray("data").addAll(part.rows());
        answer.putObject("list_metadata").putNull("before").put("after", part.next());
        return new Answer(200, answer.toString());
    }
}
