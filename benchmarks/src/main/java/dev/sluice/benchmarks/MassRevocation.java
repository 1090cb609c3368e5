package dev.sluice.benchmarks;

import io.netty.channel.EventLoopGroup;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One policy by which many clients reach a resource through many gateways, and the change that ends it. */
final class MassRevocation {
    private static final int GATEWAYS = 1000;
    private static final int CLIENTS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * @param commitMillis the change with its commit
     * @param lastFrameMillis from the commit until the last gateway had its last frame
     */
    record Outcome(int flows, int gateways, double commitMillis, double lastFrameMillis) {}

    private final PortalUnderTest portal;
    private final EventLoopGroup loop;

    MassRevocation(PortalUnderTest portal, EventLoopGroup loop) {
        this.portal = portal;
        this.loop = loop;
    }

    Outcome run(String gatewayToken) throws SQLException {
        int flows = GATEWAYS * CLIENTS;
        CountDownLatch heard = new CountDownLatch(flows);
        AtomicLong last = new AtomicLong();
        FlowLoad load = new FlowLoad(loop, (text, at) -> {
            last.accumulateAndGet(at, Math::max);
            heard.countDown();
        });
        load.addGateways(portal.socket("gateway"), gatewayToken, GATEWAYS, "mass-");
        portal.operate(
                "resource",
                "create",
                "--type",
                "cidr",
                "--address",
                "10.78.0.0/16",
                "--site",
                PortalUnderTest.SITE,
                "--name",
                "mass");
        portal.operate("policy", "create", "--group", "Everyone", "--resource", "mass");
        try (Connection connection = portal.connect();
                Statement statement = connection.createStatement()) {
            plant(statement);
            System.err.println(flows + " flows over " + GATEWAYS + " gateways");
            long begin = System.nanoTime();
            statement.executeUpdate("UPDATE policy SET disabled_at = now() WHERE resource_id ="
                    + " (SELECT id FROM resource WHERE name = 'mass')");
            long committed = System.nanoTime();
            if (!heard.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new BenchmarkFailedException(
                        heard.getCount() + " of " + flows + " frames did not come in " + PATIENCE.toSeconds() + " s");
            }
            return new Outcome(flows, GATEWAYS, (committed - begin) / 1e6, (last.get() - committed) / 1e6);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("interrupted", e);
        } finally {
            load.close();
        }
    }

    /** Clients that were here before, and what each of them was granted through each gateway. */
    private static void plant(Statement statement) throws SQLException {
        statement.executeUpdate(
                """
                INSERT INTO flow (account_id, client_id, resource_id, gateway_id, policy_id, token_id, secret_id, generation,
                                  state, expires_at, client_public_key, gateway_public_key, client_user_agent)
                SELECT r.account_id, c.id, r.id, g.id, p.id, t.id, t.secret_id, nextval('flow_generation'), 'authorized',
                       now() + interval '1 day', c.public_key, g.public_key, c.last_seen_user_agent
                FROM resource r
                JOIN policy p ON p.resource_id = r.id
                JOIN (SELECT * FROM gateway WHERE external_id LIKE 'mass-%' LIMIT @gateways@) g
                  ON g.account_id = r.account_id
                JOIN (SELECT * FROM client WHERE external_id LIKE 'client-%' LIMIT @clients@) c
                  ON c.account_id = r.account_id
                JOIN LATERAL (SELECT k.id, s.id AS secret_id FROM token k JOIN token_secret s ON s.token_id = k.id
                              WHERE k.account_id = r.account_id AND k.actor_id = c.actor_id AND k.type = 'client'
                              LIMIT 1) t
                  ON true
                WHERE r.name = 'mass'
                """.replace("@gateways@", Integer.toString(GATEWAYS)).replace("@clients@", Integer.toString(CLIENTS)));
    }
}
