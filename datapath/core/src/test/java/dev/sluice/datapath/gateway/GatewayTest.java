package dev.sluice.datapath.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.AccessAuthorizationExpiryUpdated;
import dev.sluice.channel.AuthorizeFlow;
import dev.sluice.channel.BroadcastIceCandidates;
import dev.sluice.channel.Detail;
import dev.sluice.channel.FlowAuthorized;
import dev.sluice.channel.Frame;
import dev.sluice.channel.GatewayInit;
import dev.sluice.channel.GatewayToPortal;
import dev.sluice.channel.GrantDigest;
import dev.sluice.channel.IceCredentials;
import dev.sluice.channel.PortalToGateway;
import dev.sluice.channel.Reason;
import dev.sluice.channel.RejectAccess;
import dev.sluice.channel.Resource;
import dev.sluice.channel.ResourceUnreadable;
import dev.sluice.channel.Secret;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.channel.SnapshotRequest;
import dev.sluice.datapath.policy.Grant;
import dev.sluice.datapath.portal.DeviceCore;
import dev.sluice.datapath.portal.PortalClock;
import dev.sluice.datapath.portal.PortalDown;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wireguard.KeyPair;
import dev.sluice.datapath.wireguard.Timing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the portal says, and what the gateway makes of it. */
class GatewayTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final UUID CLIENT = new UUID(0, 1);
    private static final UUID NETWORK = new UUID(0, 2);
    private static final UUID OTHER = new UUID(0, 3);

    private final List<GatewayToPortal> messages = new ArrayList<>();
    private final List<TunnelSettings> settings = new ArrayList<>();
    private long now = SECOND;
    /** Of the host's wall clock. */
    private Duration step = Duration.ZERO;

    private final InstantSource wall = () -> START.plusNanos(now).plus(step);
    private final Gateway gateway = new Gateway(
            KeyPair.generate(new Random(1)),
            Timing.connection(),
            new Random(2),
            wall,
            new PortalClock(wall),
            Duration.ofMinutes(15),
            new RecordedOutput());

    @Test
    void shouldConfigureOnceAndRouteTheTunnel() {
        init();
        init();

        assertThat(settings)
                .singleElement()
                .satisfies(tunnel -> assertThat(tunnel.routes())
                        .containsExactly(TunnelSettings.TUNNEL_IPV4, TunnelSettings.TUNNEL_IPV6));
    }

    @Test
    void shouldAnswerBeforeItSignalsCandidates() {
        gateway.setLocalEndpoints(List.of(Endpoint.parse("203.0.113.1:52625")), now);
        authorize(NETWORK, 5, START.plusSeconds(60));

        assertThat(messages.getFirst()).isEqualTo(new FlowAuthorized("ref-5"));
        assertThat(messages.get(1)).isInstanceOf(BroadcastIceCandidates.class);
    }

    @Test
    void shouldRefreshTheExpiryOfAGrantThatItHolds() {
        authorize(NETWORK, 5, START.plusSeconds(60));
        authorize(NETWORK, 6, START.plusSeconds(600));

        assertThat(grants()).singleElement().satisfies(grant -> {
            assertThat(grant.expiresAt()).isEqualTo(START.plusSeconds(600));
            assertThat(grant.generation()).isEqualTo(6);
        });
        assertThat(gateway.status().connections()).hasSize(1);
    }

    @Test
    void shouldNotBringBackWhatEnded() {
        authorize(NETWORK, 5, START.plusSeconds(60));
        reject(NETWORK, 5L);
        messages.clear();
        authorize(NETWORK, 5, START.plusSeconds(60));

        assertThat(grants()).isEmpty();
        assertThat(messages).isEmpty();

        authorize(NETWORK, 6, START.plusSeconds(60));
        assertThat(grants()).hasSize(1);
    }

    @Test
    void shouldNotLetALateRejectionEndANewerGrant() {
        authorize(NETWORK, 7, START.plusSeconds(60));
        reject(NETWORK, 6L);
        assertThat(grants()).hasSize(1);

        reject(NETWORK, null);
        assertThat(grants()).isEmpty();
    }

    @Test
    void shouldLeaveAClientWithItsLastGrant() {
        authorize(NETWORK, 5, START.plusSeconds(60));
        authorize(OTHER, 6, START.plusSeconds(60));
        reject(NETWORK, 7L);
        assertThat(gateway.status().connections()).hasSize(1);

        reject(OTHER, 8L);
        assertThat(gateway.status().connections()).isEmpty();
    }

    @Test
    void shouldTakeWhatIsAbsentFromTheSnapshotAsRevokedAndCreateNothing() {
        authorize(NETWORK, 5, START.plusSeconds(60));
        authorize(OTHER, 6, START.plusSeconds(60));
        UUID unknown = new UUID(0, 9);
        init(
                new GatewayInit.Authorization(CLIENT, OTHER, START.plusSeconds(90)),
                new GatewayInit.Authorization(unknown, NETWORK, START.plusSeconds(90)));

        assertThat(grants()).singleElement().satisfies(grant -> {
            assertThat(grant.resource()).isEqualTo(OTHER);
            assertThat(grant.expiresAt()).isEqualTo(START.plusSeconds(90));
        });

        init();
        assertThat(grants()).isEmpty();
        assertThat(gateway.status().connections()).isEmpty();
    }

    @Test
    void shouldEndAGrantAtItsExpiry() {
        authorize(NETWORK, 5, START.plusSeconds(10));
        pass(8);
        assertThat(grants()).hasSize(1);
        pass(3);

        assertThat(grants()).isEmpty();
        assertThat(gateway.status().connections()).isEmpty();
    }

    /** A host whose clock was wrong, and is set while a grant lives. */
    @Test
    void shouldEndAGrantAtItsTimeWhateverBecomesOfTheHostsClock() {
        authorize(NETWORK, 5, START.plusSeconds(10));
        step = Duration.ofDays(8);
        pass(5);
        assertThat(grants()).hasSize(1);
        step = Duration.ofDays(-8);
        pass(6);
        assertThat(grants()).isEmpty();
    }

    @Test
    void shouldTakeAnotherExpiry() {
        authorize(NETWORK, 5, START.plusSeconds(10));
        portal(new AccessAuthorizationExpiryUpdated(CLIENT, NETWORK, START.plusSeconds(100)), null);
        portal(new AccessAuthorizationExpiryUpdated(CLIENT, NETWORK, START.plusSeconds(1)), new SluiceExtra(4L, null));
        portal(new AccessAuthorizationExpiryUpdated(new UUID(9, 9), NETWORK, START.plusSeconds(1)), null);

        assertThat(grants()).singleElement().extracting(Grant::expiresAt).isEqualTo(START.plusSeconds(100));
    }

    @Test
    void shouldEndEverythingWhenItIsSignedOut() {
        init();
        authorize(NETWORK, 5, START.plusSeconds(60));
        gateway.handlePortalDown(new PortalDown(PortalDown.Cause.SIGNED_OUT, Detail.of(Reason.TOKEN_DELETED)), now);

        assertThat(gateway.status().state()).isEqualTo(GatewayStatus.State.SIGNED_OUT);
        assertThat(grants()).isEmpty();
    }

    @Test
    void shouldEndEverythingWhenItsAccountIsDisabledWhileItIsAway() {
        init();
        authorize(NETWORK, 5, START.plusSeconds(60));
        gateway.handlePortalDown(new PortalDown(PortalDown.Cause.REFUSED, Detail.of(Reason.LIMIT)), now);
        assertThat(grants()).hasSize(1);

        gateway.handlePortalDown(new PortalDown(PortalDown.Cause.REFUSED, Detail.of(Reason.ACCOUNT_DISABLED)), now);
        assertThat(grants()).isEmpty();
        assertThat(gateway.status().state()).isEqualTo(GatewayStatus.State.RUNNING);
    }

    @Test
    void shouldTakeAnExpiryBeyondAllTimes() {
        authorize(NETWORK, 5, Instant.MAX);
        authorize(OTHER, 6, START.plusSeconds(60));
        init(new GatewayInit.Authorization(CLIENT, NETWORK, Instant.MAX));
        portal(new AccessAuthorizationExpiryUpdated(CLIENT, NETWORK, Instant.MAX), null);
        assertThat(grants()).singleElement().extracting(Grant::expiresAt).isNull();

        portal(new AccessAuthorizationExpiryUpdated(CLIENT, NETWORK, Instant.MIN), null);
        pass(2);
        assertThat(grants()).isEmpty();
    }

    @Test
    void shouldEndWhatItCannotReadAnyMore() {
        authorize(NETWORK, 5, START.plusSeconds(60));
        authorize(OTHER, 6, START.plusSeconds(60));
        portal(new ResourceUnreadable(NETWORK), null);
        assertThat(grants()).singleElement().extracting(Grant::resource).isEqualTo(OTHER);

        authorize(NETWORK, 7, START.plusSeconds(60));
        assertThat(grants()).hasSize(2);
    }

    @Test
    void shouldKeepGrantsWhileThePortalIsAway() {
        authorize(NETWORK, 5, START.plusSeconds(60));
        gateway.handlePortalDown(new PortalDown(PortalDown.Cause.UNREACHABLE, null), now);
        pass(30);

        assertThat(grants()).hasSize(1);
    }

    @Test
    void shouldNotAnswerWhatItCannotServe() {
        portal(authorization("ref", dns(), key(4)), null);
        portal(authorization("ref", network(NETWORK), "short"), null);
        portal(new RejectAccess(new UUID(9, 9), NETWORK), null);

        assertThat(messages).isEmpty();
        assertThat(gateway.status().ignoredMessages()).isEqualTo(3);
    }

    @Test
    void shouldAskForASnapshotWhenItWasToldOtherGrantsThanThePortalHolds() {
        authorize(NETWORK, 5, START.plusSeconds(60));
        authorize(OTHER, 6, START.plusSeconds(600));
        messages.clear();

        digest(START.plusSeconds(10), NETWORK, START.plusSeconds(60), OTHER, START.plusSeconds(600));
        assertThat(messages).as("the same").isEmpty();
        // What ends before that, one end may have forgotten already.
        digest(START.plusSeconds(60), OTHER, START.plusSeconds(600));
        assertThat(messages).as("the same of what lasts").isEmpty();

        digest(START.plusSeconds(10), OTHER, START.plusSeconds(600));
        assertThat(messages).containsExactly(new SnapshotRequest(Frame.DRIFT));
        assertThat(gateway.status().drifts()).isEqualTo(1);

        init(new GatewayInit.Authorization(CLIENT, OTHER, START.plusSeconds(500)));
        assertThat(grants()).extracting(Grant::resource).containsExactly(OTHER);
        digest(START.plusSeconds(10), OTHER, START.plusSeconds(500));
        assertThat(gateway.status().drifts()).isEqualTo(1);
    }

    /** A snapshot makes no grants; what it lists was told all the same. */
    @Test
    void shouldNotTakeItForADriftThatItHoldsLessThanItWasTold() {
        init(new GatewayInit.Authorization(CLIENT, NETWORK, START.plusSeconds(60)));
        digest(START, NETWORK, START.plusSeconds(60));
        portal(new AccessAuthorizationExpiryUpdated(CLIENT, NETWORK, START.plusSeconds(30)), null);
        digest(START, NETWORK, START.plusSeconds(30));
        reject(NETWORK, 9L);
        digest(START);

        assertThat(gateway.status().drifts()).isZero();
    }

    @Test
    void shouldTakeLowerGenerationsOfAPortalThatWasRestored() {
        authorize(NETWORK, 50, START.plusSeconds(60));
        authorize(OTHER, 51, START.plusSeconds(60));
        reject(OTHER, 51L);

        gateway.handleNewEpoch();
        authorize(NETWORK, 7, START.plusSeconds(600));
        authorize(OTHER, 8, START.plusSeconds(600));

        assertThat(grants()).extracting(Grant::generation).containsExactlyInAnyOrder(7L, 8L);
    }

    private void digest(Instant after, Object... resourcesAndEnds) {
        var sum = new GrantDigest.Sum(after);
        for (int i = 0; i < resourcesAndEnds.length; i += 2) {
            sum.add(CLIENT, (UUID) resourcesAndEnds[i], (Instant) resourcesAndEnds[i + 1]);
        }
        portal(sum.digest(), null);
    }

    private void init(GatewayInit.Authorization... live) {
        portal(new GatewayInit("account", "100.64.0.1", "fd00:2021:1111::1", List.of(), List.of(live)), null);
    }

    private void authorize(UUID resource, long generation, Instant expiresAt) {
        AuthorizeFlow flow = authorization("ref-" + generation, network(resource), key(4));
        portal(
                new AuthorizeFlow(
                        flow.ref(), expiresAt, flow.resource(), flow.client(), flow.clientIce(), flow.gatewayIce()),
                new SluiceExtra(generation, null));
    }

    private void reject(UUID resource, @Nullable Long generation) {
        portal(
                new RejectAccess(CLIENT, resource),
                generation == null ? null : new SluiceExtra(generation, Detail.of(Reason.POLICY_DISABLED)));
    }

    private void portal(PortalToGateway message, @Nullable SluiceExtra extra) {
        gateway.handlePortal(message, extra, now);
    }

    private void pass(long seconds) {
        for (long i = 0; i < seconds * 10; i++) {
            now += SECOND / 10;
            if (gateway.nextTimeout() <= now) {
                gateway.handleTimeout(now);
            }
        }
    }

    private List<Grant> grants() {
        return gateway.status().clients().stream()
                .flatMap(client -> client.grants().stream())
                .toList();
    }

    private static AuthorizeFlow authorization(String ref, Resource resource, String key) {
        return new AuthorizeFlow(
                ref,
                START.plusSeconds(60),
                resource,
                new AuthorizeFlow.GrantedClient(CLIENT, key, new Secret(key(5)), "100.64.0.5", "fd00:2021:1111::5"),
                new IceCredentials("user", new Secret("0123456789012345678901")),
                new IceCredentials("peer", new Secret("0123456789012345678901")));
    }

    private static Resource network(UUID id) {
        return new Resource.Cidr(id, "network", "172.20.0.0/16", null, List.of(), List.of());
    }

    private static Resource dns() {
        return new Resource.Dns(NETWORK, "wiki", "wiki.corp", null, List.of(), List.of(), Resource.IpStack.DUAL);
    }

    private static String key(int seed) {
        byte[] bytes = new byte[32];
        new Random(seed).nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private final class RecordedOutput implements DeviceCore.Output<GatewayToPortal> {
        @Override
        public void transmit(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {}

        @Override
        public boolean toTun(byte[] buffer, int offset, int length, int segmentSize) {
            return true;
        }

        @Override
        public void toPortal(GatewayToPortal message) {
            messages.add(message);
        }

        @Override
        public void configure(TunnelSettings changed) {
            settings.add(changed);
        }
    }
}
