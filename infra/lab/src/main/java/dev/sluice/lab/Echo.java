package dev.sluice.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;

/** Numbered datagrams to the resource's echo at a steady pace: counts what does not come back. */
public final class Echo implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final DatagramChannel channel;
    private final BitSet answered = new BitSet();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final Thread sender;
    private volatile Instant lastAnswer = Instant.MAX;
    private volatile boolean closing;

    private Echo(DatagramChannel channel, Duration pace) {
        this.channel = channel;
        this.sender = Thread.ofPlatform().name("echo sender").daemon().unstarted(() -> send(pace));
    }

    /** Starts to send from {@code host} to {@code address}, a datagram each {@code pace}. */
    public static Echo start(String host, String address, Duration pace) throws Exception {
        InetSocketAddress target = new InetSocketAddress(address, ResourceServer.ECHO_PORT);
        DatagramChannel channel = Namespace.call(
                host,
                () -> DatagramChannel.open(
                                address.indexOf(':') < 0 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6)
                        .connect(target));
        Echo echo = new Echo(channel, pace);
        echo.sender.start();
        Thread.ofPlatform().name("echo receiver").daemon().start(echo::receive);
        return echo;
    }

    /** How many were sent so far. */
    public int sent() {
        return sent.get();
    }

    /** How many were answered so far. */
    public int answered() {
        synchronized (answered) {
            return answered.cardinality();
        }
    }

    /** When the last answer came, by the clock on the wall; far ahead before the first. */
    public Instant lastAnswer() {
        return lastAnswer;
    }

    /** How many sends or receives the network has answered with an error. */
    public int refused() {
        return refused.get();
    }

    /** Stops sending, waits for what is under way, and returns how many were not answered. */
    public int stop() throws InterruptedException {
        closing = true;
        sender.join();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (answered() < sent() && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        return sent() - answered();
    }

    @Override
    public void close() throws IOException {
        closing = true;
        channel.close();
    }

    private void send(Duration pace) {
        ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES);
        while (!closing) {
            try {
                buffer.clear().putInt(sent.getAndIncrement()).flip();
                channel.write(buffer);
            } catch (IOException e) {
                refused.incrementAndGet();
            }
            try {
                Thread.sleep(pace);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void receive() {
        ByteBuffer buffer = ByteBuffer.allocate(64);
        while (channel.isOpen()) {
            try {
                channel.read(buffer.clear());
                lastAnswer = Instant.now();
                synchronized (answered) {
                    answered.set(buffer.flip().getInt());
                }
            } catch (IOException e) {
                refused.incrementAndGet();
            }
        }
    }
}
