package dev.sluice.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.peer.WireIdentity;
import dev.sluice.peer.WirePeer;
import io.netty.channel.EventLoopGroup;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * A client that is granted one resource after the other, and loses each again by a commit beside the portal. Each revocation
 * has one of PostgreSQL's own notifications beside it, from commit to listener.
 */
final class Revocations implements AutoCloseable {
    /** The outer end of what a client waits for. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int RESOURCES = 20;
    private static final long LONGEST = Duration.ofMinutes(1).toNanos();

    private record Target(String resourceId, String policyId) {}

    private final PortalUnderTest portal;
    private final EventLoopGroup loop;
    private final List<Target> targets = new ArrayList<>();
    private final Connection writer;
    private final Connection listener;
    private final PreparedStatement disable;
    private final PreparedStatement enable;
    private final Map<String, CompletableFuture<Long>> atGateway = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Long>> atClient = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Long>> granted = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Long>> offered = new ConcurrentHashMap<>();
    private final Histogram toFrame = new Histogram(LONGEST, 3);
    private final Histogram toClient = new Histogram(LONGEST, 3);
    private final Histogram ownCommit = new Histogram(LONGEST, 3);
    private final Histogram control = new Histogram(LONGEST, 3);
    private final Histogram toFrameByService = new Histogram(LONGEST, 3);
    private @Nullable WirePeer victim;

    /** Makes the resources, each with a policy of its own. */
    Revocations(PortalUnderTest portal, EventLoopGroup loop) throws SQLException {
        this.portal = portal;
        this.loop = loop;
        for (int i = 0; i < RESOURCES; i++) {
            String name = "victim-" + i;
            JsonNode resource = portal.operate(
                    "resource",
                    "create",
                    "--type",
                    "cidr",
                    "--address",
                    "10.77." + i + ".0/24",
                    "--site",
                    PortalUnderTest.SITE,
                    "--name",
                    name);
            JsonNode policy = portal.operate("policy", "create", "--group", "Everyone", "--resource", name);
            targets.add(
                    new Target(resource.path("id").asText(), policy.path("id").asText()));
        }
        writer = portal.connect();
        writer.setAutoCommit(false);
        listener = portal.connect();
        try (Statement statement = listener.createStatement()) {
            statement.execute("LISTEN control");
        }
        disable = writer.prepareStatement("UPDATE policy SET disabled_at = now() WHERE id = ?::uuid");
        enable = writer.prepareStatement("UPDATE policy SET disabled_at = NULL WHERE id = ?::uuid");
    }

    /** Lets the client join. */
    void join(URI url, String token) {
        CompletableFuture<WirePeer> joined = new CompletableFuture<>();
        WirePeer.connect(
                loop,
                url,
                WireIdentity.client(token, "victim"),
                (peer, text) -> {
                    long now = System.nanoTime();
                    if (text.contains("\"event\":\"init\"")) {
                        joined.complete(peer);
                    } else if (text.contains("\"event\":\"flow_created\"")) {
                        complete(
                                granted,
                                WirePeer.payload(text).path("resource_id").asText(),
                                now);
                    } else if (text.contains("\"event\":\"resource_deleted\"")) {
                        complete(atClient, WirePeer.payload(text).asText(), now);
                    } else if (text.contains("\"event\":\"resource_created_or_updated\"")) {
                        complete(offered, WirePeer.payload(text).path("id").asText(), now);
                    }
                },
                seconds -> {});
        victim = await(joined, "the client joins");
    }

    /** A frame that ends access has come to a gateway. */
    void rejected(String text, long at) {
        complete(atGateway, WirePeer.payload(text).path("resource_id").asText(), at);
    }

    /** Takes access away that often, by SQL, one after the other. */
    void run(int times) throws SQLException {
        for (int i = 0; i < times; i++) {
            Target target = targets.get(i % RESOURCES);
            grant(target);
            var gateway = expect(atGateway, target);
            var client = expect(atClient, target);
            long begin = System.nanoTime();
            change(disable, target);
            long commit = System.nanoTime();
            writer.commit();
            ownCommit.recordValue(System.nanoTime() - begin);
            toFrame.recordValue(Math.max(0, await(gateway, "the gateway hears") - commit));
            toClient.recordValue(Math.max(0, await(client, "the client hears") - commit));
            var again = expect(offered, target);
            change(enable, target);
            writer.commit();
            await(again, "the client is offered it again");
            control.recordValue(notification());
        }
    }

    /** Takes access away that often by the operator's request. */
    void throughTheService(int times) {
        for (int i = 0; i < times; i++) {
            Target target = targets.get(i % RESOURCES);
            grant(target);
            var gateway = expect(atGateway, target);
            long begin = System.nanoTime();
            portal.disable(target.policyId(), true);
            toFrameByService.recordValue(await(gateway, "the gateway hears") - begin);
            var again = expect(offered, target);
            portal.disable(target.policyId(), false);
            await(again, "the client is offered it again");
        }
    }

    /** Begins to count anew. */
    void forget() {
        List.of(toFrame, toClient, ownCommit, control).forEach(Histogram::reset);
    }

    Histogram toFrame() {
        return toFrame;
    }

    Histogram toClient() {
        return toClient;
    }

    Histogram ownCommit() {
        return ownCommit;
    }

    Histogram control() {
        return control;
    }

    Histogram toFrameByService() {
        return toFrameByService;
    }

    @Override
    public void close() throws SQLException {
        writer.close();
        listener.close();
    }

    private void grant(Target target) {
        var created = expect(granted, target);
        WirePeer peer = victim;
        if (peer == null) {
            throw new IllegalStateException("the client has not joined");
        }
        loop.execute(() -> peer.send(
                "create_flow", "{\"resource_id\":\"" + target.resourceId() + "\",\"connected_gateway_ids\":[]}"));
        await(created, "the client is granted access");
    }

    private long notification() throws SQLException {
        try (Statement statement = writer.createStatement()) {
            statement.execute("NOTIFY control");
        }
        CompletableFuture<Long> heard = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        PGNotification[] came;
                        do {
                            came = listener.unwrap(PGConnection.class).getNotifications(0);
                        } while (came.length == 0);
                        return System.nanoTime();
                    } catch (SQLException e) {
                        throw new BenchmarkFailedException("nothing is heard", e);
                    }
                },
                Thread::startVirtualThread);
        long commit = System.nanoTime();
        writer.commit();
        return Math.max(0, await(heard, "the notification comes") - commit);
    }

    private static void change(PreparedStatement statement, Target target) throws SQLException {
        statement.setString(1, target.policyId());
        statement.executeUpdate();
    }

    private static CompletableFuture<Long> expect(Map<String, CompletableFuture<Long>> where, Target target) {
        CompletableFuture<Long> future = new CompletableFuture<>();
        where.put(target.resourceId(), future);
        return future;
    }

    private static void complete(Map<String, CompletableFuture<Long>> where, String resource, long at) {
        CompletableFuture<Long> expected = where.remove(resource);
        if (expected != null) {
            expected.complete(at);
        }
    }

    static <T> T await(CompletableFuture<T> future, String what) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new BenchmarkFailedException(what + ": not within " + PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("interrupted", e);
        }
    }
}
