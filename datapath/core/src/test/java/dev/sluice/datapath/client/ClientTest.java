package dev.sluice.datapath.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.ClientInit;
import dev.sluice.channel.ClientInterface;
import dev.sluice.channel.ClientToPortal;
import dev.sluice.channel.CreateFlow;
import dev.sluice.channel.Detail;
import dev.sluice.channel.FlowCreated;
import dev.sluice.channel.FlowCreationFailed;
import dev.sluice.channel.FlowFailure;
import dev.sluice.channel.IceCredentials;
import dev.sluice.channel.PortalToClient;
import dev.sluice.channel.Reason;
import dev.sluice.channel.Resource;
import dev.sluice.channel.ResourceCreatedOrUpdated;
import dev.sluice.channel.ResourceDeleted;
import dev.sluice.channel.Secret;
import dev.sluice.channel.Site;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.datapath.portal.DeviceCore;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wire.Packets;
import dev.sluice.datapath.wireguard.KeyPair;
import dev.sluice.datapath.wireguard.Timing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the portal says, and what the client makes of it. */
class ClientTest {
    private static final UUID NETWORK = new UUID(0, 1);
    private static final UUID GATEWAY = new UUID(0, 100);
    private static final UUID OTHER_GATEWAY = new UUID(0, 101);
    private static final String HOST = "172.20.0.1";
    private static final String OWN = "100.64.0.5";

    private final RecordedOutput output = new RecordedOutput();
    private final Client client = new Client(
            KeyPair.generate(new Random(1)),
            Timing.connection(),
            ClientFeatures.standard(),
            new Random(2),
            InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")),
            output);

    @Test
    void shouldConfigureOnceForOneSnapshot() {
        init(network("172.20.0.0/16"));
        init(network("172.20.0.0/16"));

        assertThat(output.settings).hasSize(1);
    }

    @Test
    void shouldRouteNothingBeforeTheSnapshot() {
        send();

        assertThat(output.asks()).isEmpty();
        assertThat(client.status().state()).isEqualTo(ClientStatus.State.STARTING);
        assertThat(client.status().packets().balanced()).isTrue();
    }

    @Test
    void shouldTakeWhatIsAbsentFromASnapshotAsRevoked() {
        init(network("172.20.0.0/16"));
        send();
        init();

        assertThat(client.status().resources()).isEmpty();
        assertThat(client.status().packets().held()).isZero();
        assertThat(output.settings.getLast().routes()).doesNotContain(IpPrefix.parse("172.20.0.0/16"));
    }

    @Test
    void shouldNotInterruptAResourceThatIsInBothSnapshots() {
        init(network("172.20.0.0/16"));
        send();
        created(GATEWAY, 5);
        init(network("172.20.0.0/16"));

        assertThat(access()).isEqualTo(ResourceStatus.Access.GRANTED);
    }

    @Test
    void shouldTakeAChangedAddressForAnotherResource() {
        init(network("172.20.0.0/16"));
        created(GATEWAY, 5);
        portal(new ResourceCreatedOrUpdated(network("172.21.0.0/16")), null);

        assertThat(access()).isEqualTo(ResourceStatus.Access.KNOWN);
        assertThat(client.status().connections()).isEmpty();
    }

    @Test
    void shouldIgnoreAGrantThatIsOlderThanTheDeletion() {
        init(network("172.20.0.0/16"));
        portal(new ResourceDeleted(NETWORK), new SluiceExtra(7L, Detail.of(Reason.POLICY_DISABLED)));
        portal(new ResourceCreatedOrUpdated(network("172.20.0.0/16")), new SluiceExtra(6L, null));
        assertThat(client.status().resources()).isEmpty();

        portal(new ResourceCreatedOrUpdated(network("172.20.0.0/16")), new SluiceExtra(8L, null));
        created(GATEWAY, 6);
        assertThat(access()).isEqualTo(ResourceStatus.Access.KNOWN);

        created(GATEWAY, 9);
        assertThat(access()).isEqualTo(ResourceStatus.Access.GRANTED);
    }

    @Test
    void shouldTakeAResourceThatIsDeletedAndCreatedInOneStep() {
        init(network("172.20.0.0/16"));
        created(GATEWAY, 5);
        portal(new ResourceDeleted(NETWORK), new SluiceExtra(7L, Detail.of(Reason.RESOURCE_CHANGED)));
        portal(new ResourceCreatedOrUpdated(network("172.20.0.0/16")), new SluiceExtra(7L, null));

        assertThat(access()).isEqualTo(ResourceStatus.Access.KNOWN);
    }

    @Test
    void shouldTellWhyAccessEnded() {
        init(network("172.20.0.0/16"));
        portal(new ResourceDeleted(NETWORK), new SluiceExtra(7L, Detail.of(Reason.POLICY_DISABLED)));

        assertThat(client.status().lastDenial().detail()).isEqualTo(Detail.of(Reason.POLICY_DISABLED));
    }

    @Test
    void shouldMoveAResourceToAnotherGateway() {
        init(network("172.20.0.0/16"));
        created(GATEWAY, 5);
        created(OTHER_GATEWAY, 6);

        assertThat(client.status().connections()).extracting("peer").containsExactly(OTHER_GATEWAY);
        assertThat(client.status().resources().getFirst().gatewayId()).isEqualTo(OTHER_GATEWAY);
    }

    @Test
    void shouldNameTheGatewaysOfBefore() {
        init(network("172.20.0.0/16"));
        created(GATEWAY, 5);
        portal(new FlowCreationFailed(NETWORK, FlowFailure.NOT_FOUND, List.of()), null);
        send();

        assertThat(output.asks()).containsExactly(new CreateFlow(NETWORK, List.of(GATEWAY)));
    }

    @Test
    void shouldKeepWhatWasGrantedWhenNobodyCanDecide() {
        init(network("172.20.0.0/16"));
        created(GATEWAY, 5);
        portal(new FlowCreationFailed(NETWORK, FlowFailure.OFFLINE, List.of()), null);

        assertThat(access()).isEqualTo(ResourceStatus.Access.GRANTED);
        assertThat(client.status().connections()).hasSize(1);
    }

    @Test
    void shouldUnderstandThePlainWordsOfAnotherPortal() {
        init(network("172.20.0.0/16"));
        send();
        portal(new FlowCreationFailed(NETWORK, FlowFailure.FORBIDDEN, List.of("remote_ip")), null);

        assertThat(client.status().lastDenial().detail()).isEqualTo(new Detail(Reason.CONDITION, List.of("remote_ip")));
    }

    @Test
    void shouldSurviveWhatCannotBeRead() {
        init(network("172.20.0.0/16"));
        portal(new ClientInit(new ClientInterface("nonsense", "", null, List.of()), List.of(), List.of()), null);
        init(network("not a network"));
        init(network("172.20.0.0/16"));
        portal(created(NETWORK, GATEWAY, "short", "100.64.0.9"), null);
        portal(created(NETWORK, GATEWAY, key(9), "nonsense"), null);
        portal(created(new UUID(9, 9), GATEWAY, key(9), "100.64.0.9"), null);

        assertThat(client.status().ignoredMessages()).isEqualTo(3);
        assertThat(access()).isEqualTo(ResourceStatus.Access.KNOWN);
    }

    @Test
    void shouldShowResourcesThatItCannotReach() {
        init(new Resource.Dns(NETWORK, "wiki", "wiki.corp", null, List.of(), List.of(), Resource.IpStack.DUAL));

        assertThat(access()).isEqualTo(ResourceStatus.Access.UNSUPPORTED);
    }

    @Test
    void shouldAskForAFirstPartAndLetALaterOneWaitForIt() {
        init(network("172.20.0.0/16"));
        byte[] first = Packets.udp(OWN, 1, HOST, 7, new byte[64]);
        first[6] = 0x20;
        byte[] later = first.clone();
        later[7] = 9;
        client.handleTun(later, 0, later.length, 0, 1);
        assertThat(output.asks()).isEmpty();
        client.handleTun(first, 0, first.length, 0, 1);

        assertThat(output.asks()).hasSize(1);
        assertThat(client.status().packets().held()).isEqualTo(2);
        assertThat(output.toTun).isZero();
    }

    private void init(Resource... resources) {
        portal(
                new ClientInit(
                        new ClientInterface(OWN, "fd00:2021:1111::5", null, List.of()), List.of(resources), List.of()),
                null);
    }

    private void created(UUID gateway, long generation) {
        String address = "100.64.0." + gateway.getLeastSignificantBits();
        portal(
                created(NETWORK, gateway, key((int) gateway.getLeastSignificantBits()), address),
                new SluiceExtra(generation, null));
    }

    private void portal(PortalToClient message, @Nullable SluiceExtra extra) {
        client.handlePortal(message, extra, 1);
        assertThat(client.status().packets().balanced()).isTrue();
    }

    private void send() {
        byte[] packet = Packets.udp(OWN, 1, HOST, 7, new byte[8]);
        client.handleTun(packet, 0, packet.length, 0, 1);
    }

    private ResourceStatus.Access access() {
        return client.status().resources().getFirst().access();
    }

    private static Resource.Cidr network(String address) {
        return new Resource.Cidr(
                NETWORK, "network", address, null, List.of(new Site(new UUID(0, 50), "site")), List.of());
    }

    private static FlowCreated created(UUID resource, UUID gateway, String key, String ipv4) {
        return new FlowCreated(
                resource,
                gateway,
                new UUID(0, 50),
                key,
                ipv4,
                "fd00:2021:1111::" + gateway.getLeastSignificantBits(),
                new Secret(key(3)),
                new IceCredentials("user", new Secret("0123456789012345678901")),
                new IceCredentials("peer", new Secret("0123456789012345678901")));
    }

    private static String key(int seed) {
        byte[] bytes = new byte[32];
        new Random(seed).nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static final class RecordedOutput implements DeviceCore.Output<ClientToPortal> {
        private final List<ClientToPortal> messages = new ArrayList<>();
        private final List<TunnelSettings> settings = new ArrayList<>();
        private int toTun;

        List<CreateFlow> asks() {
            return messages.stream()
                    .filter(CreateFlow.class::isInstance)
                    .map(CreateFlow.class::cast)
                    .toList();
        }

        @Override
        public void transmit(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {}

        @Override
        public boolean toTun(byte[] buffer, int offset, int length, int segmentSize) {
            toTun++;
            return true;
        }

        @Override
        public void toPortal(ClientToPortal message) {
            messages.add(message);
        }

        @Override
        public void configure(TunnelSettings changed) {
            settings.add(changed);
        }
    }
}
