package dev.sluice.datapath.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is done for each packet allocates nothing. */
class WireAllocationTest {
    private static final int ITERATIONS = 50_000;

    private final byte[] ipv4 = Packets.tcp("100.64.0.1", 1, "172.20.0.100", 2, TcpHeader.ACK, new byte[1000]);
    private final byte[] ipv6 = Packets.udp("fd00::1", 1, "172:20::100", 2, new byte[1000]);
    private final IpPacket packet = new IpPacket();
    private final byte[] out = new byte[IcmpError.MAX_LENGTH];

    @Test
    void shouldWrapAndReadWithoutAllocation() {
        IpAddress source = IpAddress.parse("100.64.0.1");

        assertThat(Allocations.bytes(ITERATIONS, () -> {
                    packet.wrap(ipv4, 0, ipv4.length);
                    sink(packet.destinationPort() + (packet.isFrom(source) ? 1 : 0));
                    packet.wrap(ipv6, 0, ipv6.length);
                    sink(packet.destinationPort() + (packet.isTcpSyn() ? 1 : 0));
                }))
                .isZero();
    }

    @Test
    void shouldLookUpWithoutAllocation() {
        PrefixTable<String> table = new PrefixTable<>();
        table.put(IpPrefix.parse("172.16.0.0/12"), "wide");
        table.put(IpPrefix.parse("172.20.0.0/16"), "narrow");
        table.put(IpPrefix.parse("172:20::/64"), "narrow");
        IpPacket other = Packets.wrapped(ipv6);
        packet.wrap(ipv4, 0, ipv4.length);

        assertThat(Allocations.bytes(ITERATIONS, () -> {
                    sink(table.lookupDestination(packet) == null ? 0 : 1);
                    sink(table.lookupSource(other) == null ? 0 : 1);
                }))
                .isZero();
    }

    @Test
    void shouldBuildErrorsWithoutAllocation() {
        IpPacket other = Packets.wrapped(ipv6);
        packet.wrap(ipv4, 0, ipv4.length);

        assertThat(Allocations.bytes(ITERATIONS, () -> {
                    sink(IcmpError.write(IcmpError.Cause.PROHIBITED, packet, out, 0));
                    sink(IcmpError.write(IcmpError.Cause.PROHIBITED, other, out, 0));
                    sink(IcmpError.writeReversed(IcmpError.Cause.PROHIBITED, packet, out, 0));
                }))
                .isZero();
    }

    @Test
    void shouldCountAndBatchWithoutAllocation() {
        PacketLedger ledger = new PacketLedger();
        PacketBatch batch = new PacketBatch(4, 16, 1280);

        assertThat(Allocations.bytes(ITERATIONS, () -> {
                    ledger.receive();
                    ledger.drop(DropReason.FILTERED);
                    batch.clear();
                    batch.append(ipv4, 0, ipv4.length);
                    sink(batch.length(0));
                }))
                .isZero();
    }

    private static volatile int sunk;

    private static void sink(int value) {
        sunk = value;
    }
}
