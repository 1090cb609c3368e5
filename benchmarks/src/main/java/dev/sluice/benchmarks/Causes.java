package dev.sluice.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.peer.WireIdentity;
import dev.sluice.peer.WirePeer;
import io.netty.channel.EventLoopGroup;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/**
 * Every cause that ends access by a commit, each with an account, a gateway and a client of its own: from the commit until
 * the gateway has the frame. And time itself, from the flow's expiry.
 */
final class Causes implements AutoCloseable {
    private static final long LONGEST = Duration.ofMinutes(1).toNanos();
    private static final Pattern PLACEHOLDER = Pattern.compile(":([a-z]+)");

    /** What somebody types, by what it is; a placeholder is an id of the account's. */
    private static final Map<String, String> BY_COMMIT = causes();

    /** What an account has: ids by the names of the placeholders. */
    private record Target(Map<String, String> ids, CompletableFuture<Long> ended, WirePeer gateway, WirePeer client) {
        void close() {
            gateway.close();
            client.close();
        }
    }

    private final PortalUnderTest portal;
    private final EventLoopGroup loop;
    private final Connection writer;
    private int accounts;

    Causes(PortalUnderTest portal, EventLoopGroup loop) throws SQLException {
        this.portal = portal;
        this.loop = loop;
        this.writer = portal.connect();
    }

    private static Map<String, String> causes() {
        Map<String, String> causes = new LinkedHashMap<>();
        causes.put("policy disabled", "UPDATE policy SET disabled_at = now() WHERE id = :policy");
        causes.put("policy deleted", "DELETE FROM policy WHERE id = :policy");
        causes.put("policy's conditions edited", """
                UPDATE policy SET conditions = '[{"property":"client_verified","operator":"is","values":["true"]}]'
                WHERE id = :policy""");
        causes.put("membership removed", "DELETE FROM membership WHERE actor_id = :actor");
        causes.put("group deleted", "DELETE FROM actor_group WHERE id = :group");
        causes.put("actor disabled", "UPDATE actor SET disabled_at = now() WHERE id = :actor");
        causes.put("actor deleted", "DELETE FROM actor WHERE id = :actor");
        causes.put("client deleted", "DELETE FROM client WHERE actor_id = :actor");
        causes.put("client's token deleted", "DELETE FROM token WHERE actor_id = :actor");
        causes.put("secret withdrawn", "DELETE FROM token_secret WHERE token_id = :token");
        causes.put("resource's address changed", "UPDATE resource SET address = '10.9.0.0/16' WHERE id = :resource");
        causes.put("resource deleted", "DELETE FROM resource WHERE id = :resource");
        causes.put("resource leaves its site", "DELETE FROM resource_site WHERE resource_id = :resource");
        causes.put("site deleted", "DELETE FROM site WHERE id = :site");
        causes.put("gateway deleted", "DELETE FROM gateway WHERE site_id = :site");
        causes.put("account disabled", "UPDATE account SET disabled_at = now() WHERE id = :account");
        causes.put("flow deleted", "DELETE FROM flow WHERE account_id = :account");
        return causes;
    }

    /** Each cause that often, in nanoseconds from its commit. */
    Map<String, Histogram> byCommit(int times) throws SQLException {
        Map<String, Histogram> measured = new LinkedHashMap<>();
        for (var cause : BY_COMMIT.entrySet()) {
            Histogram histogram = new Histogram(LONGEST, 3);
            for (int i = 0; i < times; i++) {
                histogram.recordValue(commit(cause.getValue()));
            }
            measured.put(cause.getKey(), histogram);
        }
        return measured;
    }

    private long commit(String sql) throws SQLException {
        Target target = target();
        writer.setAutoCommit(false);
        try (Statement statement = writer.createStatement()) {
            statement.execute(fill(target.ids(), sql));
            long commit = System.nanoTime();
            writer.commit();
            return Math.max(0, Revocations.await(target.ended(), "the gateway hears") - commit);
        } finally {
            writer.setAutoCommit(true);
            target.close();
        }
    }

    /** Flows that run out, that often, in nanoseconds from the moment at which they do. */
    Histogram expiry(int times) throws SQLException {
        Histogram histogram = new Histogram(LONGEST, 3);
        for (int i = 0; i < times; i++) {
            Target target = target();
            try (Statement statement = writer.createStatement();
                    ResultSet left = statement.executeQuery(fill(target.ids(), """
                            UPDATE flow SET expires_at = clock_timestamp() + random() * interval '2 seconds'
                            WHERE account_id = :account
                            RETURNING extract(epoch FROM expires_at - clock_timestamp()) * 1e9"""))) {
                long now = System.nanoTime();
                left.next();
                long over = now + left.getLong(1);
                histogram.recordValue(Math.max(0, Revocations.await(target.ended(), "the gateway hears") - over));
            } finally {
                target.close();
            }
        }
        return histogram;
    }

    @Override
    public void close() throws SQLException {
        writer.close();
    }

    /** A new account with a client that has access. */
    private Target target() throws SQLException {
        String slug = "cause_" + ++accounts;
        JsonNode account = portal.operate(
                "account", "create", "--slug", slug, "--name", slug, "--admin-email", "admin@" + slug + ".example");
        Map<String, String> ids = new ConcurrentHashMap<>();
        ids.put("account", account.path("id").asText());
        insert(ids, "actor", "(account_id, type, name) VALUES (:account, 'user', 'somebody')");
        insert(ids, "group", "actor_group", "(account_id, name, type) VALUES (:account, 'some', 'static')");
        insert(ids, "membership", "(account_id, group_id, actor_id) VALUES (:account, :group, :actor)");
        insert(ids, "site", "(account_id, name) VALUES (:account, 'somewhere')");
        insert(ids, "resource", "(account_id, type, name, address) VALUES (:account, 'cidr', 'x', '10.79.0.0/16')");
        try (Statement statement = writer.createStatement()) {
            statement.execute(
                    fill(
                            ids,
                            "INSERT INTO resource_site (account_id, resource_id, site_id) VALUES (:account, :resource, :site)"));
        }
        insert(ids, "policy", "(account_id, group_id, resource_id) VALUES (:account, :group, :resource)");
        JsonNode token = token(slug, "client", "--actor", "somebody");
        ids.put("token", token.path("id").asText());
        String gatewayToken =
                token(slug, "gateway", "--site", "somewhere").path("token").asText();

        CompletableFuture<Long> ended = new CompletableFuture<>();
        CompletableFuture<WirePeer> gateway = new CompletableFuture<>();
        connect(WireIdentity.gateway(gatewayToken, "gateway-" + slug), (peer, text) -> {
            if (text.contains("\"event\":\"init\"")) {
                gateway.complete(peer);
            } else if (text.contains("\"event\":\"authorize_flow\"")) {
                peer.send(
                        "flow_authorized",
                        "{\"ref\":\"" + WirePeer.payload(text).path("ref").asText() + "\"}");
            } else if (text.contains("\"event\":\"reject_access\"")) {
                ended.complete(System.nanoTime());
            }
        });
        WirePeer serving = Revocations.await(gateway, "the gateway joins");
        CompletableFuture<WirePeer> client = new CompletableFuture<>();
        connect(WireIdentity.client(token.path("token").asText(), "client-" + slug), (peer, text) -> {
            if (text.contains("\"event\":\"init\"")) {
                peer.send(
                        "create_flow",
                        "{\"resource_id\":\"" + ids.get("resource") + "\",\"connected_gateway_ids\":[]}");
            } else if (text.contains("\"event\":\"flow_created\"")) {
                client.complete(peer);
            }
        });
        return new Target(ids, ended, serving, Revocations.await(client, "the client is granted access"));
    }

    private void connect(WireIdentity identity, BiConsumer<WirePeer, String> received) {
        WirePeer.connect(loop, portal.socket(identity.topic()), identity, received, seconds -> {});
    }

    private JsonNode token(String account, String type, String option, String owner) {
        return portal.operate("token", "create", "--account", account, "--type", type, option, owner);
    }

    private void insert(Map<String, String> ids, String table, String values) throws SQLException {
        insert(ids, table, table, values);
    }

    private void insert(Map<String, String> ids, String name, String table, String values) throws SQLException {
        try (Statement statement = writer.createStatement();
                ResultSet made =
                        statement.executeQuery(fill(ids, "INSERT INTO " + table + " " + values + " RETURNING id"))) {
            made.next();
            ids.put(name, made.getString(1));
        }
    }

    private static String fill(Map<String, String> ids, String sql) {
        return PLACEHOLDER.matcher(sql).replaceAll(found -> "'" + ids.get(found.group(1)) + "'");
    }
}
