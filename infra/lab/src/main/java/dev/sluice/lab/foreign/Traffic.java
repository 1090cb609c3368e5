package dev.sluice.lab.foreign;

import dev.sluice.lab.Namespace;
import dev.sluice.lab.StaticTokens;
import dev.sluice.lab.Topology;
import dev.sluice.peer.WireIdentity;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Clients that ask at random and gateways that confirm, on one loop on the portal's host. */
public final class Traffic implements AutoCloseable {
    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, Namespace.threads(Topology.PORTAL), NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final List<ForeignGateway> gateways;
    private final List<ForeignClient> clients;
    private final RandomGenerator random;
    private final Future<?> clock;
    private volatile boolean asking;

    /**
     * How many there are, and what they ask for.
     *
     * @param every from one ask to the next
     * @param ours how many of the gateways are of Sluice's make
     * @param gatewayToken of the site whose gateways they are
     * @param resource the only one that is asked for; any that is offered if null
     */
    public record Load(
            int gateways,
            int ours,
            int clients,
            Duration every,
            String gatewayToken,
            @Nullable String resource) {}

    /**
     * They connect at once.
     *
     * @param portals any of which a device may choose
     */
    public Traffic(List<URI> portals, Load load, long seed) {
        this.random = new SplittableRandom(seed);
        this.gateways = IntStream.range(0, load.gateways())
                .mapToObj(i -> new ForeignGateway(loop, portals, gateway(load, i), random))
                .toList();
        this.clients = IntStream.range(0, load.clients())
                .mapToObj(i -> new ForeignClient(
                        loop,
                        portals,
                        WireIdentity.client(StaticTokens.CLIENT, "foreign-client-" + i),
                        load.resource(),
                        random))
                .toList();
        Duration every = load.every();
        devices().forEach(device -> loop.execute(device::connect));
        this.clock = loop.scheduleAtFixedRate(this::askOnce, every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
        ask(true);
    }

    /** Whether clients ask. */
    public void ask(boolean whether) {
        asking = whether;
    }

    /** All have been told the state at their join, and hear of what follows. */
    public boolean allJoined() {
        return on(() -> devices().allMatch(ForeignDevice::isJoined));
    }

    /** What all gateways let through. */
    public Set<Access> held() {
        return on(() -> gateways.stream().flatMap(ForeignGateway::held).collect(Collectors.toSet()));
    }

    /** Starts the gateways anew that are not of Sluice's make. */
    public void restartForeignGateways() {
        on(() -> {
            gateways.stream().filter(gateway -> !gateway.isOurs()).forEach(ForeignDevice::restart);
            return true;
        });
    }

    /** How many grants gateways were told, repetitions included. */
    public long grants() {
        return on(() -> gateways.stream().mapToLong(ForeignGateway::grants).sum());
    }

    /** How many ends gateways were told, repetitions included. */
    public long ends() {
        return on(() -> gateways.stream().mapToLong(ForeignGateway::ends).sum());
    }

    /** How many flows clients were given. */
    public long answers() {
        return on(() -> clients.stream().mapToLong(ForeignClient::answers).sum());
    }

    @Override
    public void close() {
        clock.cancel(false);
        devices().forEach(device -> loop.execute(device::close));
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static WireIdentity gateway(Load load, int number) {
        WireIdentity foreign = WireIdentity.gateway(load.gatewayToken(), "foreign-gateway-" + number);
        return number < load.ours() ? foreign.ofOurs() : foreign;
    }

    private Stream<ForeignDevice> devices() {
        return Stream.concat(gateways.stream(), clients.stream());
    }

    private void askOnce() {
        if (asking) {
            clients.get(random.nextInt(clients.size())).ask();
        }
    }

    private <T> T on(Callable<T> work) {
        return loop.submit(work).syncUninterruptibly().getNow();
    }
}
