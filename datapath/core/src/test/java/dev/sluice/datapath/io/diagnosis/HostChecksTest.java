package dev.sluice.datapath.io.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostChecksTest {
    @TempDir
    Path settings;

    @Test
    void shouldSayWhatToDoAboutStrictReversePathFiltering() throws IOException {
        set("ipv4/conf/all/rp_filter", 0);
        set("ipv4/conf/eth0/rp_filter", 1);

        assertThat(checks().reversePath(List.of("eth0")))
                .singleElement()
                .asString()
                .contains("sysctl -w net.ipv4.conf.eth0.rp_filter=2");
    }

    @Test
    void shouldTakeTheGreaterOfTheTwoSettings() throws IOException {
        set("ipv4/conf/all/rp_filter", 1);
        set("ipv4/conf/eth0/rp_filter", 0);
        set("ipv4/conf/eth1/rp_filter", 2);

        assertThat(checks().reversePath(List.of("eth0", "eth1")))
                .singleElement()
                .asString()
                .contains("eth0");
    }

    @Test
    void shouldAcceptNoneAndLooseFiltering() throws IOException {
        set("ipv4/conf/all/rp_filter", 0);
        set("ipv4/conf/eth0/rp_filter", 0);
        set("ipv4/conf/eth1/rp_filter", 2);

        assertThat(checks().reversePath(List.of("eth0", "eth1", "gone"))).isEmpty();
    }

    @Test
    void shouldSayHowToForward() throws IOException {
        set("ipv4/ip_forward", 0);
        set("ipv6/conf/all/forwarding", 0);
        assertThat(checks().forwarding())
                .hasSize(2)
                .anyMatch(message -> message.contains("net.ipv4.ip_forward=1"))
                .anyMatch(message -> message.contains("net.ipv6.conf.all.forwarding=1"));

        set("ipv4/ip_forward", 1);
        set("ipv6/conf/all/forwarding", 1);
        assertThat(checks().forwarding()).isEmpty();
    }

    private HostChecks checks() {
        return new HostChecks(settings);
    }

    private void set(String name, int value) throws IOException {
        Path file = settings.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, value + "\n");
    }
}
