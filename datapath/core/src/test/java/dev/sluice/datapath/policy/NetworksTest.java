package dev.sluice.datapath.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Resource;
import dev.sluice.datapath.wire.IpPrefix;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NetworksTest {
    @Test
    void shouldReadTheAddressesOfAResource() {
        assertThat(Networks.of(cidr("172.20.0.0/16"))).containsExactly(IpPrefix.parse("172.20.0.0/16"));
        assertThat(Networks.of(cidr("172:20::100/128"))).containsExactly(IpPrefix.parse("172:20::100/128"));
    }

    @Test
    void shouldFindNoneWhereThereAreNone() {
        UUID id = new UUID(0, 1);

        assertThat(Networks.of(cidr("not an address"))).isEmpty();
        assertThat(Networks.of(new Resource.Internet(id, List.of()))).isEmpty();
        assertThat(Networks.of(new Resource.Dns(
                        id, "name", "*.example.com", null, List.of(), List.of(), Resource.IpStack.DUAL)))
                .isEmpty();
    }

    private static Resource cidr(String address) {
        return new Resource.Cidr(new UUID(0, 1), "name", address, null, List.of(), List.of());
    }
}
