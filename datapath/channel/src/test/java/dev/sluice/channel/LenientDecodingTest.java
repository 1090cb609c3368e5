package dev.sluice.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LenientDecodingTest {
    private static final String ID = "\"11111111-1111-4111-8111-111111111111\"";

    @Test
    void shouldRefuseWhatIsNoFrame() {
        for (var text : List.of("", "{", "[]", "null", "7", "{\"topic\":\"client\"}", "{\"topic\":1,\"event\":2}")) {
            assertThat(FrameCodec.decode(text)).as(text).isEmpty();
        }
    }

    @Test
    void shouldTakeAFrameWithoutPayloadAndWithARefThatIsNoNumber() {
        var frame = FrameCodec.decode("{\"topic\":\"client\",\"event\":\"x\",\"ref\":\"7\",\"more\":[]}")
                .orElseThrow();
        assertThat(frame.payload().isNull()).isTrue();
        assertThat(frame.ref()).isNull();
    }

    @Test
    void shouldSkipOneBadResourceAndKeepTheOthers() {
        var init = client(
                "init",
                "{\"interface\":{\"ipv4\":\"100.64.0.2\",\"ipv6\":\"fd00:2021:1111::2\",\"new\":1},\"resources\":["
                        + resource("\"type\":\"cidr\",\"address\":\"10.0.0.0/8\",\"name\":\"good\",\"extra\":{}")
                        + "," + resource("\"type\":\"cidr\",\"name\":\"no address\"")
                        + "," + resource("\"type\":\"static_device_pool\",\"name\":\"unknown type\"")
                        + ",7,{\"id\":\"short\"}]}");
        assertThat(init).isInstanceOfSatisfying(ClientInit.class, read -> {
            assertThat(read.resources()).extracting(Resource::name).containsExactly("good");
            assertThat(read.relays()).isEmpty();
        });
    }

    @Test
    void shouldNotOpenAResourceWhoseFiltersItCannotRead() {
        for (var filters : List.of(
                "[{\"protocol\":\"sctp\"}]",
                "[{\"protocol\":\"tcp\",\"port_range_start\":90,\"port_range_end\":80}]",
                "[{\"protocol\":\"tcp\",\"port_range_start\":80,\"port_range_end\":\"90\"}]",
                "[{\"protocol\":\"tcp\",\"port_range_start\":80,\"port_range_end\":65536}]",
                "{}")) {
            var payload =
                    resource("\"type\":\"cidr\",\"address\":\"10.0.0.0/8\",\"name\":\"n\",\"filters\":" + filters);
            assertThat(ClientCodec.decodePush(frame("resource_created_or_updated", payload)))
                    .as(filters)
                    .isInstanceOf(Decoded.Malformed.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"'\"port_range_start\":80', 80, 65535", "'\"port_range_end\":80,\"port_range_start\":null', 0, 80"})
    void shouldTakeAMissingEndOfAPortRangeForTheLastPort(String ports, int start, int end) {
        var payload = resource("\"type\":\"cidr\",\"address\":\"10.0.0.0/8\",\"name\":\"n\",\"filters\":"
                + "[{\"protocol\":\"tcp\"," + ports + "}]");
        assertThat(client("resource_created_or_updated", payload))
                .isInstanceOfSatisfying(
                        ResourceCreatedOrUpdated.class,
                        read -> assertThat(read.resource().filters())
                                .containsExactly(Filter.ports(Filter.Protocol.TCP, start, end)));
    }

    @Test
    void shouldTellWhichResourceItCannotReadAnyMore() {
        var payload = resource("\"type\":\"cidr\",\"address\":\"10.0.0.0/8\",\"name\":\"n\",\"filters\":"
                + "[{\"protocol\":\"sctp\"}]");
        assertThat(GatewayCodec.decodePush(frame("resource_updated", payload)))
                .isEqualTo(new Decoded.Message<>(new ResourceUnreadable(UUID.fromString(ID.replace("\"", "")))));
        assertThat(GatewayCodec.decodePush(frame("resource_updated", "{}"))).isInstanceOf(Decoded.Malformed.class);
    }

    @Test
    void shouldSkipOneBadCandidate() {
        assertThat(client("ice_candidates", "{\"gateway_id\":" + ID + ",\"candidates\":[\"candidate:1\",7,null]}"))
                .isInstanceOfSatisfying(
                        IceCandidates.class,
                        read -> assertThat(read.candidates()).containsExactly("candidate:1"));
    }

    @Test
    void shouldTellUnknownFromMalformed() {
        assertThat(ClientCodec.decodePush(frame("resource_filters_updated", "{}")))
                .isEqualTo(new Decoded.Unknown<>("resource_filters_updated"));
        assertThat(GatewayCodec.decodePush(frame("reject_access", "{\"client_id\":" + ID + "}")))
                .isEqualTo(new Decoded.Malformed<>("reject_access", "missing or invalid: resource_id"));
        assertThat(ClientCodec.decodeRequest(frame("create_flow", "null")))
                .isEqualTo(new Decoded.Malformed<>("create_flow", "missing or invalid: resource_id"));
    }

    @Test
    void shouldReadAGrantThatNeverExpires() {
        var grant = GatewayCodec.decodePush(frame(
                "authorize_flow",
                "{\"ref\":\"r\",\"expires_at\":null,\"resource\":{\"id\":" + ID + ",\"type\":\"internet\"},"
                        + "\"client\":{\"id\":" + ID
                        + ",\"public_key\":\"k\",\"preshared_key\":\"p\",\"ipv4\":\"4\",\"ipv6\":\"6\"},"
                        + "\"client_ice_credentials\":{\"username\":\"u\",\"password\":\"p\"},"
                        + "\"gateway_ice_credentials\":{\"username\":\"u\",\"password\":\"p\"}}"));
        assertThat(grant).isInstanceOf(Decoded.Message.class);
    }

    @Test
    void shouldSurviveAnyMutationOfAFrame() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var good =
                "{\"topic\":\"client\",\"event\":\"init\",\"payload\":{\"interface\":{\"ipv4\":\"1\",\"ipv6\":\"2\"},"
                        + "\"resources\":[" + resource("\"type\":\"cidr\",\"address\":\"a\",\"name\":\"n\"")
                        + "]},\"ref\":null,\"sluice\":{\"generation\":5,\"detail\":{\"code\":\"expired\"}}}";
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder(good);
            for (int change = random.nextInt(4); change >= 0; change--) {
                text.setCharAt(random.nextInt(text.length()), (char) (32 + random.nextInt(96)));
            }
            FrameCodec.decode(text.toString()).ifPresent(frame -> {
                assertThat(ClientCodec.decodePush(frame)).as("seed %d", seed).isNotNull();
                assertThat(GatewayCodec.decodePush(frame)).as("seed %d", seed).isNotNull();
            });
        }
    }

    private static String resource(String fields) {
        return "{\"id\":" + ID + "," + fields + "}";
    }

    private static Frame frame(String event, String payload) {
        return FrameCodec.decode("{\"topic\":\"t\",\"event\":\"" + event + "\",\"payload\":" + payload + ",\"ref\":1}")
                .orElseThrow();
    }

    private static PortalToClient client(String event, String payload) {
        return ((Decoded.Message<PortalToClient>) ClientCodec.decodePush(frame(event, payload))).value();
    }
}
