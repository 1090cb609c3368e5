package dev.sluice.channel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.channel.Filter.Protocol;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The frames as they stand on the wire, letter by letter. */
class WireContractTest {
    private static final UUID RESOURCE = UUID.fromString("11111111-1111-4111-8111-111111111111");
    private static final UUID CLIENT = UUID.fromString("22222222-2222-4222-8222-222222222222");
    private static final UUID GATEWAY = UUID.fromString("33333333-3333-4333-8333-333333333333");
    private static final UUID SITE = UUID.fromString("44444444-4444-4444-8444-444444444444");
    private static final Instant EXPIRY = Instant.ofEpochSecond(1767225600);

    private static final Resource.Cidr NETWORK = new Resource.Cidr(
            RESOURCE,
            "Net",
            "172.20.0.0/16",
            null,
            List.of(new Site(SITE, "Site A")),
            List.of(Filter.ports(Protocol.TCP, 80, 90), Filter.all(Protocol.UDP), Filter.ports(Protocol.ICMP, 1, 2)));
    private static final Relay RELAY =
            new Relay(SITE, "203.0.113.101:3478", "1767225600:salt", new Secret("relay-password"), EXPIRY);

    @Test
    void shouldJoinWithNullPayloadAndNumericRef() {
        assertThat(FrameCodec.encode(Frame.join(Frame.CLIENT, 0))).isEqualTo("""
                        {"topic":"client","event":"phx_join","payload":null,"ref":0}""");
    }

    @Test
    void shouldReplyWithAnEmptyResponseAndTheSameRef() {
        assertThat(FrameCodec.encode(Frame.ok(Frame.GATEWAY, 7L))).isEqualTo("""
                        {"topic":"gateway","event":"phx_reply","payload":{"status":"ok","response":{}},"ref":7}""");
        assertThat(FrameCodec.encode(Frame.ok(Frame.CLIENT, null))).endsWith("\"ref\":null}");
    }

    @Test
    void shouldReplyWithAReasonOnError() {
        assertThat(FrameCodec.encode(Frame.error(Frame.CLIENT, 3L, Frame.UNMATCHED_TOPIC)))
                .isEqualTo("""
                        {"topic":"client","event":"phx_reply","payload":{"status":"error","response":{"reason":"unmatched topic"}},"ref":3}""");
    }

    @Test
    void shouldDisconnectWithTheReasonThatPeersKnow() {
        assertThat(FrameCodec.encode(Frame.disconnect(Frame.GATEWAY))).isEqualTo("""
                        {"topic":"gateway","event":"disconnect","payload":{"reason":"token_expired"},"ref":null}""");
    }

    @Test
    void shouldWriteTheClientsSnapshot() {
        var init = new ClientInit(
                new ClientInterface("100.67.138.25", "fd00:2021:1111::e:65ea", null, List.of("1.1.1.1:53")),
                List.of(NETWORK, new Resource.Internet(RESOURCE, List.of())),
                List.of(RELAY));
        assertThat(FrameCodec.encode(ClientCodec.encode(init, null))).isEqualTo("""
                        {"topic":"client","event":"init","payload":{"interface":{"ipv4":"100.67.138.25",\
                        "ipv6":"fd00:2021:1111::e:65ea","search_domain":null,\
                        "upstream_dns":[{"protocol":"ip_port","address":"1.1.1.1:53"}]},\
                        "resources":[{"id":"11111111-1111-4111-8111-111111111111","type":"cidr","name":"Net",\
                        "address":"172.20.0.0/16","address_description":null,\
                        "gateway_groups":[{"id":"44444444-4444-4444-8444-444444444444","name":"Site A"}],\
                        "filters":[{"protocol":"tcp","port_range_start":80,"port_range_end":90},{"protocol":"udp"},\
                        {"protocol":"icmp"}]},\
                        {"id":"11111111-1111-4111-8111-111111111111","type":"internet","gateway_groups":[],\
                        "can_be_disabled":true}],\
                        "relays":[{"id":"44444444-4444-4444-8444-444444444444","type":"turn",\
                        "addr":"203.0.113.101:3478","username":"1767225600:salt","password":"relay-password",\
                        "expires_at":1767225600}]},"ref":null}""");
        assertThat(reread(init)).isEqualTo(init);
    }

    @Test
    void shouldWriteTheIpStackForNamesOnly() {
        var dns = new Resource.Dns(
                RESOURCE, "GitLab", "*.gitlab.corp", "https://gitlab", List.of(), List.of(), Resource.IpStack.DUAL);
        assertThat(FrameCodec.encode(ClientCodec.encode(new ResourceCreatedOrUpdated(dns), null)))
                .contains("\"address_description\":\"https://gitlab\"")
                .contains("\"ip_stack\":\"dual\"");
        assertThat(reread(new ResourceCreatedOrUpdated(dns))).isEqualTo(new ResourceCreatedOrUpdated(dns));
        assertThat(FrameCodec.encode(ClientCodec.encode(new ResourceCreatedOrUpdated(NETWORK), null)))
                .doesNotContain("ip_stack");
    }

    @Test
    void shouldDeleteAResourceByItsBareId() {
        assertThat(FrameCodec.encode(ClientCodec.encode(new ResourceDeleted(RESOURCE), null)))
                .isEqualTo("""
                        {"topic":"client","event":"resource_deleted","payload":"11111111-1111-4111-8111-111111111111","ref":null}""");
        assertThat(reread(new ResourceDeleted(RESOURCE))).isEqualTo(new ResourceDeleted(RESOURCE));
    }

    @Test
    void shouldTellOwnPeersTheGenerationAndTheTypedReasonBesideThePayload() {
        var extra = new SluiceExtra(55L, Detail.of(Reason.POLICY_DISABLED));
        var text = FrameCodec.encode(ClientCodec.encode(new ResourceDeleted(RESOURCE), extra));
        assertThat(text).endsWith("""
                        "ref":null,"sluice":{"generation":55,"detail":{"code":"policy_disabled"}}}""");
        assertThat(FrameCodec.decode(text).orElseThrow().sluice()).isEqualTo(extra);
    }

    @Test
    void shouldNumberPushesToOwnPeersAndSayInWhichEpoch() {
        var extra = new SluiceExtra(55L, null).at(1_767_225_600_123L, 7, 1234);
        var text = FrameCodec.encode(ClientCodec.encode(new ResourceDeleted(RESOURCE), extra));
        assertThat(text).endsWith("""
                        "ref":null,"sluice":{"generation":55,"time":1767225600123,"epoch":7,"sequence":1234}}""");
        assertThat(FrameCodec.decode(text).orElseThrow().sluice()).isEqualTo(extra);
    }

    @Test
    void shouldLetOwnPeersAskForASnapshot() {
        var request = new SnapshotRequest(Frame.GAP);
        assertThat(FrameCodec.encode(GatewayCodec.encode(request, 3))).isEqualTo("""
                        {"topic":"gateway","event":"snapshot","payload":{"reason":"gap"},"ref":3}""");
        assertThat(GatewayCodec.decodeRequest(GatewayCodec.encode(request, 3)))
                .isEqualTo(new Decoded.Message<>(request));
        assertThat(ClientCodec.decodeRequest(ClientCodec.encode(request, 3))).isEqualTo(new Decoded.Message<>(request));
        var silent = FrameCodec.decode("""
                        {"topic":"client","event":"snapshot","payload":{},"ref":3}""").orElseThrow();
        assertThat(ClientCodec.decodeRequest(silent)).isEqualTo(new Decoded.Message<>(new SnapshotRequest("")));
    }

    @Test
    void shouldSumGrantsUpInAnyOrder() {
        var after = Instant.ofEpochSecond(1_767_225_600);
        var one = new GrantDigest.Sum(after.plusMillis(999));
        one.add(RESOURCE, RESOURCE, after.plusSeconds(1));
        one.add(RESOURCE, new UUID(0, 1), after.plusSeconds(2));
        one.add(RESOURCE, new UUID(0, 2), after.plusMillis(500));
        var other = new GrantDigest.Sum(after);
        other.add(RESOURCE, new UUID(0, 1), after.plusSeconds(2).plusMillis(7));
        other.add(RESOURCE, RESOURCE, after.plusSeconds(1));

        assertThat(one.digest()).isEqualTo(other.digest());
        assertThat(one.digest().count()).isEqualTo(2);
        assertThat(GatewayCodec.decodePush(GatewayCodec.encode(one.digest(), null)))
                .isEqualTo(new Decoded.Message<>(one.digest()));
        assertThat(new GrantDigest.Sum(after).digest().digest()).isEqualTo("0000000000000000");
    }

    @Test
    void shouldNameViolatedPropertiesOnlyWhenForbidden() {
        var forbidden = FlowCreationFailed.of(RESOURCE, new Detail(Reason.CONDITION, List.of("remote_ip")));
        assertThat(FrameCodec.encode(ClientCodec.encode(forbidden, null))).contains("""
                        {"resource_id":"11111111-1111-4111-8111-111111111111","reason":"forbidden","violated_properties":["remote_ip"]}""");
        assertThat(reread(forbidden)).isEqualTo(forbidden);
        var offline = FlowCreationFailed.of(RESOURCE, Detail.of(Reason.GATEWAY_OFFLINE));
        assertThat(FrameCodec.encode(ClientCodec.encode(offline, null)))
                .contains("\"reason\":\"offline\"")
                .doesNotContain("violated_properties");
    }

    @Test
    void shouldWriteFlowCreated() {
        var created = new FlowCreated(
                RESOURCE,
                GATEWAY,
                SITE,
                "gateway-key",
                "100.72.145.83",
                "fd00:2021:1111::5:bcfd",
                new Secret("psk"),
                new IceCredentials("resc", new Secret("rqi3")),
                new IceCredentials("jbi4", new Secret("a6oe")));
        assertThat(FrameCodec.encode(ClientCodec.encode(created, null))).isEqualTo("""
                        {"topic":"client","event":"flow_created","payload":{\
                        "resource_id":"11111111-1111-4111-8111-111111111111",\
                        "gateway_id":"33333333-3333-4333-8333-333333333333",\
                        "gateway_group_id":"44444444-4444-4444-8444-444444444444","gateway_public_key":"gateway-key",\
                        "gateway_ipv4":"100.72.145.83","gateway_ipv6":"fd00:2021:1111::5:bcfd","preshared_key":"psk",\
                        "client_ice_credentials":{"username":"resc","password":"rqi3"},\
                        "gateway_ice_credentials":{"username":"jbi4","password":"a6oe"}},"ref":null}""");
        assertThat(reread(created)).isEqualTo(created);
        assertThat(created.toString()).doesNotContain("psk").doesNotContain("rqi3");
    }

    @Test
    void shouldWriteWhatAClientSends() {
        assertThat(FrameCodec.encode(ClientCodec.encode(new CreateFlow(RESOURCE, List.of(GATEWAY)), 7)))
                .isEqualTo("""
                        {"topic":"client","event":"create_flow","payload":{\
                        "resource_id":"11111111-1111-4111-8111-111111111111",\
                        "connected_gateway_ids":["33333333-3333-4333-8333-333333333333"]},"ref":7}""");
        var candidates = new BroadcastIceCandidates(List.of(GATEWAY), List.of("candidate:1"));
        var frame = ClientCodec.encode(candidates, 8);
        assertThat(FrameCodec.encode(frame)).contains("""
                        "payload":{"gateway_ids":["33333333-3333-4333-8333-333333333333"],"candidates":["candidate:1"]}""");
        assertThat(ClientCodec.decodeRequest(frame)).isEqualTo(new Decoded.Message<>(candidates));
    }

    @Test
    void shouldWriteTheGatewaysSnapshot() {
        var init = new GatewayInit(
                "firezone",
                "100.115.164.78",
                "fd00:2021:1111::2c:f6ab",
                List.of(),
                List.of(new GatewayInit.Authorization(CLIENT, RESOURCE, EXPIRY)));
        assertThat(FrameCodec.encode(GatewayCodec.encode(init, null))).isEqualTo("""
                        {"topic":"gateway","event":"init","payload":{"account_slug":"firezone",\
                        "interface":{"ipv4":"100.115.164.78","ipv6":"fd00:2021:1111::2c:f6ab"},\
                        "config":{"ipv4_masquerade_enabled":true,"ipv6_masquerade_enabled":true},"relays":[],\
                        "authorizations":[{"client_id":"22222222-2222-4222-8222-222222222222",\
                        "resource_id":"11111111-1111-4111-8111-111111111111","expires_at":1767225600}]},"ref":null}""");
        assertThat(rereadAtGateway(init)).isEqualTo(init);
    }

    @Test
    void shouldWriteAuthorizeFlowInTheGatewaysView() {
        var authorize = new AuthorizeFlow(
                "opaque",
                EXPIRY,
                NETWORK,
                new AuthorizeFlow.GrantedClient(
                        CLIENT, "client-key", new Secret("psk"), "100.64.0.2", "fd00:2021:1111::2"),
                new IceCredentials("resc", new Secret("rqi3")),
                new IceCredentials("jbi4", new Secret("a6oe")));
        assertThat(FrameCodec.encode(GatewayCodec.encode(authorize, new SluiceExtra(3L, null))))
                .isEqualTo("""
                        {"topic":"gateway","event":"authorize_flow","payload":{"ref":"opaque","expires_at":1767225600,\
                        "resource":{"id":"11111111-1111-4111-8111-111111111111","type":"cidr","name":"Net",\
                        "address":"172.20.0.0/16","filters":[{"protocol":"tcp","port_range_start":80,\
                        "port_range_end":90},{"protocol":"udp"},{"protocol":"icmp"}]},\
                        "client":{"id":"22222222-2222-4222-8222-222222222222","public_key":"client-key",\
                        "preshared_key":"psk","ipv4":"100.64.0.2","ipv6":"fd00:2021:1111::2"},\
                        "client_ice_credentials":{"username":"resc","password":"rqi3"},\
                        "gateway_ice_credentials":{"username":"jbi4","password":"a6oe"}},"ref":null,\
                        "sluice":{"generation":3}}""");
        assertThat(rereadAtGateway(authorize))
                .isEqualTo(new AuthorizeFlow(
                        "opaque",
                        EXPIRY,
                        new Resource.Cidr(RESOURCE, "Net", "172.20.0.0/16", null, List.of(), NETWORK.filters()),
                        authorize.client(),
                        authorize.clientIce(),
                        authorize.gatewayIce()));
    }

    @Test
    void shouldWriteAndReadEveryOtherMessageOfAGateway() {
        for (PortalToGateway message : List.of(
                new RejectAccess(CLIENT, RESOURCE),
                new AccessAuthorizationExpiryUpdated(CLIENT, RESOURCE, EXPIRY),
                new IceCandidates(CLIENT, List.of("candidate:1")),
                new InvalidateIceCandidates(CLIENT, List.of("candidate:1")),
                new RelaysPresence(List.of(SITE), List.of(RELAY)))) {
            assertThat(rereadAtGateway(message)).isEqualTo(message);
        }
        assertThat(FrameCodec.encode(GatewayCodec.encode(new RejectAccess(CLIENT, RESOURCE), null)))
                .contains("""
                        "payload":{"client_id":"22222222-2222-4222-8222-222222222222","resource_id":"11111111-1111-4111-8111-111111111111"}""");
        var authorized = GatewayCodec.encode(new FlowAuthorized("opaque"), 4);
        assertThat(FrameCodec.encode(authorized)).contains("\"payload\":{\"ref\":\"opaque\"},\"ref\":4");
        assertThat(GatewayCodec.decodeRequest(authorized))
                .isEqualTo(new Decoded.Message<>(new FlowAuthorized("opaque")));
    }

    @Test
    void shouldKnowEachReasonByItsCode() {
        for (var reason : Reason.values()) {
            assertThat(Reason.of(reason.code())).contains(reason);
            assertThat(Detail.fromJson(Detail.of(reason).toJson())).isEqualTo(Detail.of(reason));
            var seen = new Detail(reason, List.of("remote_ip"), Map.of("remote_ip", "203.0.113.9"));
            assertThat(Detail.fromJson(seen.toJson())).isEqualTo(seen);
            assertThat(seen.toString()).doesNotContain("203.0.113.9");
        }
        assertThat(Detail.fromJson(new JsonMapper().createObjectNode().put("code", "unheard_of")))
                .isNull();
    }

    private static Object reread(PortalToClient message) {
        return message(ClientCodec.decodePush(decode(FrameCodec.encode(ClientCodec.encode(message, null)))));
    }

    private static Object rereadAtGateway(PortalToGateway message) {
        return message(GatewayCodec.decodePush(decode(FrameCodec.encode(GatewayCodec.encode(message, null)))));
    }

    private static Object message(Decoded<?> decoded) {
        return decoded instanceof Decoded.Message<?> message ? message.value() : decoded;
    }

    private static Frame decode(String text) {
        return FrameCodec.decode(text).orElseThrow();
    }
}
