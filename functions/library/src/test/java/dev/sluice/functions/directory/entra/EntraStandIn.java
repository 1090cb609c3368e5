package dev.sluice.functions.directory.entra;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.functions.directory.sync.ProviderStandIn;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Speaks Microsoft's sign-in and Graph as far as the portal asks them. */
public final class EntraStandIn extends ProviderStandIn {
    static final String TENANT = "11111111-2222-3333-4444-555555555555";

    private volatile @Nullable String elsewhere;

    /** Where the next page is said to be. */
    void leadTo(String origin) {
        elsewhere = origin;
    }

    @Override
    public void recover() {
        super.recover();
        elsewhere = null;
    }

    @Override
    protected String error(int status) {
        return "{\"error\":{\"code\":\"Error_" + status + "\",\"message\":\"Entra has something against it\"}}";
    }

    @Override
    protected Answer answer(String method, String path, Map<String, String> query, String body) {
        if (path.equals("/" + TENANT + "/oauth2/v2.0/token")) {
            boolean known = body.contains("client_secret=s%26cret");
            return known
                    ? new Answer(200, "{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"expires_in\":3599}")
                    : new Answer(401, "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215\"}");
        }
        if (!query.getOrDefault("$top", "").equals("999")) {
            return new Answer(400, error(400));
        }
        if (path.equals("/v1.0/users")) {
            return list(people.values().stream().map(EntraStandIn::user).toList(), path, query);
        }
        if (path.equals("/v1.0/groups")) {
            return list(
                    groups.entrySet().stream()
                            .map(group -> object(group.getKey()).put("displayName", group.getValue()))
                            .toList(),
                    path,
                    query);
        }
        String end = "/transitiveMembers/microsoft.graph.user";
        if (path.startsWith("/v1.0/groups/") && path.endsWith(end)) {
            String group = path.substring("/v1.0/groups/".length(), path.length() - end.length());
            return list(
                    members.getOrDefault(group, Set.of()).stream()
                            .flatMap(id -> Stream.ofNullable(people.get(id)))
                            .map(EntraStandIn::user)
                            .toList(),
                    path,
                    query);
        }
        return new Answer(404, error(404));
    }

    private static ObjectNode user(Person person) {
        return object(person.id())
                .put("displayName", person.name())
                .put("userPrincipalName", person.id() + "@example.com")
                .put("accountEnabled", person.active());
    }

    private static ObjectNode object(String id) {
        return JSON.createObjectNode().put("id", id);
    }

    private Answer list(List<ObjectNode> all, String path, Map<String, String> query) {
        Part part = part(all, query.get("$skiptoken"));
        ObjectNode answer = JSON.createObjectNode();
        answer.putArray("value").addAll(part.rows());
        if (part.next() != null) {
            answer.put(
                    "@odata.nextLink",
                    (elsewhere == null ? url().toString() : elsewhere) + path + "?$top=999&$skiptoken=" + part.next());
        }
        return new Answer(200, answer.toString());
    }
}
