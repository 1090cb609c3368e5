package dev.sluice.datapath.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class ResolverFilesTest {
    @Test
    void shouldReadWhatIsWritten() {
        ResolverFiles files = ResolverFiles.of(
                "# by hand\nsearch corp.example lan\nnameserver 192.0.2.53\r\nnameserver\t2001:db8::53\n"
                        + "nameserver example.com\noptions edns0 ndots:3\n",
                "");

        assertThat(files.nameServers()).extracting(InetSocketAddress::getPort).containsOnly(53);
        assertThat(files.nameServers())
                .extracting(server -> server.getAddress().getHostAddress())
                .containsExactly("192.0.2.53", "2001:db8:0:0:0:0:0:53");
        assertThat(files.searchDomains()).containsExactly("corp.example", "lan");
        assertThat(files.dots()).isEqualTo(3);
    }

    @Test
    void shouldAskNobodyWhoIsNotNamed() {
        assertThat(ResolverFiles.of("", "").nameServers())
                .singleElement()
                .satisfies(server ->
                        assertThat(server.getAddress().isLoopbackAddress()).isTrue());
    }

    @Test
    void shouldBeAnotherWhenAFileIsAnother() {
        ResolverFiles before = ResolverFiles.of("nameserver 192.0.2.53", "192.0.2.1 portal");
        assertThat(ResolverFiles.of("nameserver 192.0.2.53", "192.0.2.1 portal"))
                .isEqualTo(before);
        assertThat(ResolverFiles.of("nameserver 192.0.2.54", "192.0.2.1 portal"))
                .isNotEqualTo(before);
        assertThat(ResolverFiles.of("nameserver 192.0.2.53", "192.0.2.2 portal"))
                .isNotEqualTo(before);
    }
}
