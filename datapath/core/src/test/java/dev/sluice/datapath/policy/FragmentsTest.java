package dev.sluice.datapath.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.PacketLedger;
import dev.sluice.datapath.wire.Packets;
import dev.sluice.datapath.wire.TcpHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FragmentsTest {
    private static final String CLIENT = "100.64.0.5";
    private static final String SERVER = "172.20.0.1";
    private static final String CLIENT_IPV6 = "fd00:2021:1111::5";
    private static final String SERVER_IPV6 = "172:20::1";

    private final IpPacket packet = new IpPacket();
    private final PacketLedger ledger = new PacketLedger();
    private final Fragments fragments = new Fragments(packet, ledger);
    private final List<String> decided = new ArrayList<>();
    private long now = 1;

    @AfterEach
    void shouldAccountForEveryPart() {
        assertThat(ledger.counts().balanced()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLendThePortsOfTheFirstToTheOthers(boolean ipv4) {
        List<byte[]> parts = parts(whole(ipv4), ipv4, 7, 1200);

        parts.forEach(this::pass);

        assertThat(decided).containsExactly("5000>53 at 0", "5000>53 at 1200", "5000>53 at 2400");
    }

    @Test
    void shouldLetPartsWaitForTheFirst() {
        List<byte[]> parts = parts(whole(true), true, 7, 1200);

        pass(parts.get(2));
        pass(parts.get(1));
        assertThat(decided).isEmpty();
        assertThat(ledger.counts().held()).isEqualTo(2);
        pass(parts.get(0));

        assertThat(decided).containsExactly("5000>53 at 0", "5000>53 at 2400", "5000>53 at 1200");
    }

    @Test
    void shouldNotLetThemWaitForLong() {
        List<byte[]> parts = parts(whole(true), true, 7, 1200);
        pass(parts.get(1));
        assertThat(fragments.nextTimeout()).isEqualTo(now + Fragments.PATIENCE);
        now += Fragments.PATIENCE;
        fragments.handleTimeout(now);
        pass(parts.get(0));

        assertThat(decided).containsExactly("5000>53 at 0");
        assertThat(ledger.dropped(DropReason.FRAGMENT)).isEqualTo(1);
        now += Fragments.LIFETIME;
        fragments.handleTimeout(now);
        assertThat(fragments.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldTellPacketsApart() {
        List<byte[]> one = parts(whole(true), true, 7, 1200);
        List<byte[]> other = parts(Packets.udp(CLIENT, 6000, SERVER, 53, new byte[3000]), true, 8, 1200);
        pass(one.get(0));
        pass(other.get(0));
        pass(one.get(1));
        pass(other.get(1));

        assertThat(decided).containsExactly("5000>53 at 0", "6000>53 at 0", "5000>53 at 1200", "6000>53 at 1200");
    }

    /** RFC 5722: of a packet whose parts overlap nothing more passes. */
    @Test
    void shouldRefuseWhatOverlaps() {
        List<byte[]> parts = parts(whole(true), true, 7, 1200);
        List<byte[]> shifted = parts(whole(true), true, 7, 1000);
        pass(parts.get(0));
        pass(shifted.get(1));
        pass(parts.get(1));

        assertThat(decided).containsExactly("5000>53 at 0");
        assertThat(ledger.dropped(DropReason.FRAGMENT)).isEqualTo(2);
    }

    /** RFC 3128: the flags of TCP are not to come in a part of their own. */
    @Test
    void shouldRefuseAPartThatBeginsWithinTheHeaderOfTcp() {
        byte[] whole = Packets.tcp(CLIENT, 5000, SERVER, 80, TcpHeader.SYN, new byte[200]);
        List<byte[]> parts = parts(whole, true, 7, 8);
        assertThat(packet.wrap(parts.get(0), 0, parts.get(0).length)).isEqualTo(IpPacket.Status.MALFORMED);

        pass(parts(whole, true, 7, 40).getFirst());
        pass(parts.get(1));

        assertThat(decided).containsExactly("5000>80 at 0");
        assertThat(ledger.dropped(DropReason.FRAGMENT)).isEqualTo(1);
    }

    @Test
    void shouldStayWithinItsBounds() {
        for (int id = 0; id < 2_000; id++) {
            pass(parts(whole(true), true, id, 1200).get(1));
        }
        assertThat(ledger.counts().held()).isEqualTo(Fragments.MOST_PACKETS);

        List<byte[]> many = parts(Packets.udp(CLIENT, 5000, SERVER, 53, new byte[3000]), true, 60_000, 80);
        many.subList(1, many.size()).forEach(this::pass);
        assertThat(ledger.counts().held()).isEqualTo(Fragments.MOST_PACKETS - 1 + Fragments.MOST_WAITING);
    }

    private void pass(byte[] part) {
        ledger.receive();
        assertThat(packet.wrap(part, 0, part.length).isPassable()).isTrue();
        fragments.pass(
                () -> {
                    ledger.deliver();
                    decided.add(
                            packet.sourcePort() + ">" + packet.destinationPort() + " at " + packet.fragmentOffset());
                },
                now);
    }

    private static byte[] whole(boolean ipv4) {
        return ipv4
                ? Packets.udp(CLIENT, 5000, SERVER, 53, new byte[3000])
                : Packets.udp(CLIENT_IPV6, 5000, SERVER_IPV6, 53, new byte[3000]);
    }

    /** As a host sends a packet that is too long, in parts of {@code size} bytes. */
    private static List<byte[]> parts(byte[] whole, boolean ipv4, int identification, int size) {
        int header = ipv4 ? 20 : 40;
        List<byte[]> parts = new ArrayList<>();
        for (int from = 0; header + from < whole.length; from += size) {
            int length = Math.min(size, whole.length - header - from);
            boolean more = header + from + length < whole.length;
            parts.add(ipv4 ? ipv4(whole, from, length, more, identification) : ipv6(whole, from, length, more));
        }
        return parts;
    }

    private static byte[] ipv4(byte[] whole, int from, int length, boolean more, int identification) {
        byte[] part = Arrays.copyOf(whole, 20 + length);
        System.arraycopy(whole, 20 + from, part, 20, length);
        put(part, 2, part.length);
        put(part, 4, identification);
        put(part, 6, from / 8 | (more ? 0x2000 : 0));
        return part;
    }

    private static byte[] ipv6(byte[] whole, int from, int length, boolean more) {
        byte[] part = Arrays.copyOf(whole, 48 + length);
        System.arraycopy(whole, 40 + from, part, 48, length);
        put(part, 4, 8 + length);
        part[6] = 44;
        part[40] = whole[6];
        part[41] = 0;
        put(part, 42, from | (more ? 1 : 0));
        put(part, 44, 0);
        put(part, 46, 9);
        return part;
    }

    private static void put(byte[] bytes, int offset, int value) {
        bytes[offset] = (byte) (value >> 8);
        bytes[offset + 1] = (byte) value;
    }
}
