package dev.sluice.benchmarks;

import dev.sluice.datapath.crypto.Aead;
import dev.sluice.datapath.crypto.AeadProvider;
import dev.sluice.datapath.crypto.AeadProviders;
import dev.sluice.datapath.io.openssl.Openssl;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Sealing and opening one packet, by each provider of the AEAD seam. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AeadBenchmark {
    private static final byte[] NOTHING = {};

    /** A name of {@link AeadProviders#available}: the command fills in all of them. */
    @Param("SunJCE")
    public String provider = "";

    @Param({"64", "576", "1280", "1420"})
    public int length;

    private Aead sealing = AeadProviders.preferred().create(new byte[Aead.KEY_LENGTH]);
    private Aead opening = sealing;
    private byte[] plaintext = NOTHING;
    private byte[] ciphertext = NOTHING;
    private byte[] out = NOTHING;
    private long counter;

    @Setup
    public void setUp() {
        Openssl.find().ifPresent(AeadProviders::add);
        AeadProvider chosen = AeadProviders.available().stream()
                .filter(available -> available.name().equals(provider))
                .findFirst()
                .orElseThrow();
        byte[] key = new byte[Aead.KEY_LENGTH];
        key[0] = 1;
        sealing = chosen.create(key);
        opening = chosen.create(key);
        plaintext = new byte[length];
        ciphertext = new byte[length + Aead.TAG_LENGTH];
        out = new byte[length + Aead.TAG_LENGTH];
        sealing.seal(counter++, NOTHING, plaintext, 0, length, ciphertext, 0);
    }

    @Benchmark
    public int seal() {
        return sealing.seal(counter++, NOTHING, plaintext, 0, length, out, 0);
    }

    @Benchmark
    public int open() {
        return opening.open(0, NOTHING, ciphertext, 0, ciphertext.length, out, 0);
    }
}
