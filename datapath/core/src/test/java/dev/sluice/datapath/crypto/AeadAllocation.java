package dev.sluice.datapath.crypto;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures what sealing and opening allocates. */
public final class AeadAllocation {
    private static final int PACKETS = 100_000;

    private AeadAllocation() {}

    /** Bytes per packet that is sealed and opened, once compiled. */
    public static double perPacket(AeadProvider provider) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Aead aead = provider.create(new byte[Aead.KEY_LENGTH]);
        byte[] nothing = {};
        byte[] buffer = new byte[1500];
        long allocated = 0;
        // The first round compiles; the second is measured.
        for (int round = 0; round < 2; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < PACKETS; i++) {
                int sealed = aead.seal(i, nothing, buffer, 0, 1280, buffer, 0);
                aead.open(i, nothing, buffer, 0, sealed, buffer, 0);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        return (double) allocated / PACKETS;
    }
}
