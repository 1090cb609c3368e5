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
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Clients that ask at random and gateways that confirm, on one loop on the portal's host. */
public final class Traffic implements AutoCloseable {
    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, Namespace.threads(Topology.PORTAL), NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final List<ForeignGateway> gateways;
    private final List<ForeignClient> clients;
    private final RandomGenerator random;
    private boolean asking;

    /**
     * They connect at once.
     *
     * @param portals any of which a device may choose
     * @param every from one ask to the next
     */
    public Traffic(List<URI> portals, int gateways, int clients, Duration every, long seed) {
        this.random = new SplittableRandom(seed);
        this.gateways = IntStream.range(0, gateways)
                .mapToObj(i -> new ForeignGateway(
                        loop, portals, WireIdentity.gateway(StaticTokens.GATEWAY, "foreign-gateway-" + i), random))
                .toList();
        this.clients = IntStream.range(0, clients)
                .mapToObj(i -> new ForeignClient(
                        loop, portals, WireIdentity.client(StaticTokens.CLIENT, "foreign-client-" + i), random))
                .toList();
        on(() -> {
            Stream.concat(this.gateways.stream(), this.clients.stream()).forEach(ForeignDevice::connect);
            loop.scheduleAtFixedRate(this::ask, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
            return asking = true;
        });
    }

    /** Whether clients ask. */
    public void ask(boolean whether) {
        on(() -> asking = whether);
    }

    /** All have been told the state at their join, and hear of what follows. */
    public boolean allJoined() {
        return on(() -> Stream.concat(gateways.stream(), clients.stream()).allMatch(ForeignDevice::isJoined));
    }

    /** What all gateways let through. */
    public Set<Access> held() {
        return on(() -> gateways.stream().flatMap(ForeignGateway::held).collect(Collectors.toSet()));
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
        on(() -> {
            asking = false;
            Stream.concat(gateways.stream(), clients.stream()).forEach(ForeignDevice::close);
            return true;
        });
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void ask() {
        if (asking) {
            clients.get(random.nextInt(clients.size())).ask();
        }
    }

    private <T> T on(Callable<T> work) {
        return loop.submit(work).syncUninterruptibly().getNow();
    }
}
