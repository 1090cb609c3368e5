package dev.sluice.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.sluice.datapath.crypto.Aead;
import dev.sluice.datapath.crypto.AeadProvider;
import dev.sluice.datapath.crypto.AeadProviders;
import dev.sluice.datapath.wire.IpAddress;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Counts the bytes that a packet allocates on its way through both cores, in steady state. */
@Command(
        name = "allocation",
        description =
                "Counts bytes allocated per packet: TUN, client, sealed, opened, filter, gateway, TUN, in memory.",
        mixinStandardHelpOptions = true)
final class AllocationCommand implements Callable<Integer> {
    private static final List<String> COLUMNS = List.of("path", "packets", "B/packet", "CPU ns/packet");
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final byte[] NOTHING = {};
    private static final int WARM_UP = 200_000;
    private static final int PORT = 443;

    @Option(names = "--packets", paramLabel = "N", description = "Measured packets a row (default: ${DEFAULT-VALUE}).")
    private int packets = 1_000_000;

    @Option(names = "--results", paramLabel = "DIR", description = "Where to record (default: benchmarks/results).")
    private @Nullable Path results;

    private final List<Map<String, Object>> rows = new ArrayList<>();

    @Override
    public Integer call() {
        String choice = AeadProviders.warmUp(THREADS::getCurrentThreadCpuTime).reason();
        IpAddress clientAddress = IpAddress.parse(InMemoryTunnel.CLIENT_ADDRESS);
        IpAddress resourceAddress = IpAddress.parse(InMemoryTunnel.RESOURCE_ADDRESS);
        byte[] up = SamplePackets.tcp(clientAddress, resourceAddress, PORT);
        byte[] down = SamplePackets.tcp(resourceAddress, PORT, clientAddress, SamplePackets.CLIENT_PORT);
        InMemoryTunnel tunnel = InMemoryTunnel.connected(up);

        measure("client to resource", () -> tunnel.upload(up));
        measure("resource to client", () -> tunnel.download(down));
        check(tunnel);
        AeadProviders.available().forEach(this::measureAead);

        List<String> notes = List.of(
                "Packets of " + SamplePackets.LENGTH + " bytes, one thread, both ends; " + WARM_UP
                        + " packets warm up each row. CPU is that thread's own time.",
                "The first two rows seal and open by " + choice + ".");
        Report report = new Report("allocation", Machine.current("./sluice bench allocation"), COLUMNS, rows, notes);
        report.print();
        report.record(results == null ? Report.defaultDirectory() : results);
        return 0;
    }

    private void measureAead(AeadProvider provider) {
        byte[] key = new byte[Aead.KEY_LENGTH];
        Aead sealing = provider.create(key);
        Aead opening = provider.create(key);
        byte[] plaintext = new byte[SamplePackets.LENGTH];
        byte[] ciphertext = new byte[SamplePackets.LENGTH + Aead.TAG_LENGTH];
        long[] counter = {0};
        measure("seal and open alone: " + provider.name(), () -> {
            sealing.seal(++counter[0], NOTHING, plaintext, 0, plaintext.length, ciphertext, 0);
            opening.open(counter[0], NOTHING, ciphertext, 0, ciphertext.length, plaintext, 0);
        });
    }

    private void measure(String path, Runnable packet) {
        for (int i = 0; i < WARM_UP; i++) {
            packet.run();
        }
        long start = THREADS.getCurrentThreadCpuTime();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < packets; i++) {
            packet.run();
        }
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        long nanos = THREADS.getCurrentThreadCpuTime() - start;
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("path", path);
        row.put("packets", packets);
        row.put("B/packet", (double) bytes / packets);
        row.put("CPU ns/packet", (double) nanos / packets);
        rows.add(row);
    }

    private void check(InMemoryTunnel tunnel) {
        long expected = (long) packets + WARM_UP;
        boolean all = tunnel.uploaded() == expected + 1 && tunnel.downloaded() == expected;
        if (!all || !tunnel.balanced()) {
            throw new BenchmarkFailedException(String.format(
                    Locale.ROOT,
                    "packets were lost on the way: %d of %d up, %d of %d down",
                    tunnel.uploaded(),
                    expected + 1,
                    tunnel.downloaded(),
                    expected));
        }
    }
}
