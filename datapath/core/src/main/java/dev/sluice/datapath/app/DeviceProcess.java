package dev.sluice.datapath.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.channel.ClientCodec;
import dev.sluice.channel.ClientToPortal;
import dev.sluice.channel.GatewayCodec;
import dev.sluice.channel.GatewayToPortal;
import dev.sluice.channel.PortalToClient;
import dev.sluice.channel.PortalToGateway;
import dev.sluice.datapath.client.Client;
import dev.sluice.datapath.client.ClientFeatures;
import dev.sluice.datapath.crypto.AeadProviders;
import dev.sluice.datapath.gateway.Gateway;
import dev.sluice.datapath.io.Clocks;
import dev.sluice.datapath.io.EventLoop;
import dev.sluice.datapath.io.InterfaceAddresses;
import dev.sluice.datapath.io.LinuxTunDevice;
import dev.sluice.datapath.io.NativeLibrary;
import dev.sluice.datapath.io.NativeLibraryException;
import dev.sluice.datapath.io.PortalTrust;
import dev.sluice.datapath.io.PortalTrustException;
import dev.sluice.datapath.io.TunDevice;
import dev.sluice.datapath.io.TunUnavailableException;
import dev.sluice.datapath.io.diagnosis.HostChecks;
import dev.sluice.datapath.io.route.HostRoutes;
import dev.sluice.datapath.io.route.HostRoutesException;
import dev.sluice.datapath.io.route.HostWatch;
import dev.sluice.datapath.io.route.KernelHostRoutes;
import dev.sluice.datapath.io.route.RouteSettings;
import dev.sluice.datapath.portal.DeviceCore;
import dev.sluice.datapath.portal.PortalClock;
import dev.sluice.datapath.portal.PortalLogin;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.Coalescing;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wireguard.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A running client or gateway: its event loop, the host's side of the tunnel, and the local listener. */
final class DeviceProcess implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DeviceProcess.class.getName());
    private static final Duration TRUST_INTERVAL = Duration.ofSeconds(10);
    private static final Duration TOKEN_INTERVAL = Duration.ofSeconds(1);
    private static final long ANSWER_SECONDS = 2;

    private final Configuration configuration;
    private final EventLoop loop;
    private final TunDevice tun;
    private final HostWorker host;
    private final HostWatch hostWatch;
    private final SilentResources silent;
    private final DeviceLoop<?, ?> device;
    private final StatusListener listener;
    private final List<String> warnings;
    private final PortalClock portalClock = new PortalClock(Clocks.wall());

    private DeviceProcess(
            Configuration configuration,
            EventLoop loop,
            TunDevice tun,
            KernelHostRoutes routes,
            TokenSource token,
            @Nullable PortalTrust trust)
            throws HostRoutesException {
        this.configuration = configuration;
        this.loop = loop;
        this.tun = tun;
        this.warnings = warnings(configuration.role(), tun.name(), configuration.mtu(), routes);
        this.host = new HostWorker(routes);
        this.hostWatch = HostWatch.start(tun.name(), routes, host::lookSoon);
        this.silent =
                SilentResources.behind(tun.name(), TunnelSettings.TUNNEL_IPV4 + " and " + TunnelSettings.TUNNEL_IPV6);
        this.device = onLoop(() -> assemble(token, trust));
        this.listener = StatusListener.open(
                configuration.statusAddress(),
                Map.of(
                        "/status",
                        new StatusListener.Page("application/json", this::status),
                        "/metrics",
                        new StatusListener.Page("text/plain; version=0.0.4", () -> Metric.text(askLoop(this::metrics))),
                        "/healthz",
                        new StatusListener.Page("text/plain", () -> askLoop(() -> "ok\n"))));
        InterfaceAddresses interfaces = new InterfaceAddresses(
                tun.name(), configuration.excludedInterfaces(), configuration.role() == Role.GATEWAY);
        List<IpAddress> addresses = interfaces.read();
        sayOmitted(interfaces);
        onLoop(() -> {
            device.start(addresses);
            return "";
        });
        watch(interfaces, addresses, token);
        if (trust != null) {
            host.every(TRUST_INTERVAL, trust::reread);
        }
    }

    /**
     * Starts it. When this returns, the portal is being called.
     *
     * @throws CommandFailedException saying what stands in the way and what to do
     */
    static DeviceProcess start(Configuration configuration, Map<String, String> environment) {
        TokenSource token = switch (configuration.role()) {
            case CLIENT -> TokenSource.open(configuration.tokenFile(), environment, configuration.stateDirectory());
            case GATEWAY -> TokenSource.open(configuration.tokenFile(), environment);
        };
        configuration
                .features()
                .byName()
                .forEach((name, value) -> LOG.log(System.Logger.Level.INFO, () -> "feature " + name + " = " + value));
        try {
            if (configuration.aead() != null) {
                AeadProviders.use(configuration.aead());
            }
            NativeLibrary.load(configuration.stateDirectory().resolve("native"));
            boolean secure = configuration.apiUrl().getScheme().equals("wss");
            PortalTrust trust = secure ? PortalTrust.open(configuration.caFile()) : null;
            Coalescing most = configuration.offload() ? Coalescing.STREAMS_AND_DATAGRAMS : Coalescing.NOTHING;
            TunDevice tun = LinuxTunDevice.open(configuration.interfaceName(), configuration.mtu(), most);
            LOG.log(
                    System.Logger.Level.INFO,
                    () -> "the kernel takes and gives together: "
                            + tun.coalescing().name().toLowerCase(Locale.ROOT).replace('_', ' '));
            KernelHostRoutes routes = KernelHostRoutes.open(tun.name());
            EventLoop loop = new EventLoop(configuration.role().word());
            DeviceProcess process = new DeviceProcess(configuration, loop, tun, routes, token, trust);
            WarmUp.inBackground();
            return process;
        } catch (TunUnavailableException
                | PortalTrustException
                | HostRoutesException
                | NativeLibraryException refused) {
            throw CommandFailedException.refused(refused.getMessage());
        }
    }

    /** Goodbyes, then the routes, then the device: within a second. */
    @Override
    public void close() {
        onLoop(() -> {
            device.close(loop.now());
            return "";
        });
        silent.close();
        hostWatch.close();
        host.close();
        tun.close();
        listener.close();
        loop.close();
    }

    private DeviceLoop<?, ?> assemble(TokenSource token, @Nullable PortalTrust trust) {
        SecureRandom random = new SecureRandom();
        KeyPair keys = KeyPair.generate(random);
        String id = DeviceId.resolve(
                configuration.id(), configuration.stateDirectory(), configuration.role(), UUID::randomUUID);
        Function<PortalLogin.Role, PortalLogin> login = role -> new PortalLogin(
                configuration.apiUrl(),
                role,
                id,
                configuration.name(),
                keys.publicKey().base64(),
                token.token(),
                UserAgent.of(configuration.role()));
        return switch (configuration.role()) {
            case CLIENT ->
                drive(
                        trust,
                        login.apply(PortalLogin.Role.CLIENT),
                        token.remedy(),
                        new DeviceLoop.Language<PortalToClient, ClientToPortal>(
                                ClientCodec::decodePush, ClientCodec::encode),
                        output -> client(keys, random, output),
                        random);
            case GATEWAY ->
                drive(
                        trust,
                        login.apply(PortalLogin.Role.GATEWAY),
                        token.remedy(),
                        new DeviceLoop.Language<PortalToGateway, GatewayToPortal>(
                                GatewayCodec::decodePush, GatewayCodec::encode),
                        output -> gateway(keys, random, output),
                        random);
        };
    }

    private <I, O> DeviceLoop<I, O> drive(
            @Nullable PortalTrust trust,
            PortalLogin login,
            String remedy,
            DeviceLoop.Language<I, O> language,
            Function<DeviceCore.Output<O>, DeviceLoop.Machine<I, O>> machine,
            SecureRandom random) {
        return new DeviceLoop<>(
                loop,
                tun,
                configuration,
                trust,
                login,
                remedy,
                language,
                random,
                Clocks.wall(),
                portalClock,
                machine,
                this::configure);
    }

    private void configure(TunnelSettings settings) {
        host.configure(RouteSettings.of(List.of(settings.ipv4(), settings.ipv6()), settings.routes()));
    }

    private DeviceLoop.Machine<PortalToClient, ClientToPortal> client(
            KeyPair keys, SecureRandom random, DeviceCore.Output<ClientToPortal> output) {
        ClientFeatures features =
                new ClientFeatures(configuration.features().enabled(FeatureFlag.REAUTHORIZE_ON_PROHIBITED));
        Client client = new Client(keys, configuration.timing(), features, random, Clocks.wall(), output);
        return new DeviceLoop.Machine<>(client, new ClientReport(client));
    }

    private DeviceLoop.Machine<PortalToGateway, GatewayToPortal> gateway(
            KeyPair keys, SecureRandom random, DeviceCore.Output<GatewayToPortal> output) {
        Gateway gateway = new Gateway(
                keys, configuration.timing(), random, Clocks.wall(), portalClock, configuration.maxPartition(), output);
        silent.watch(() -> askLoop(gateway::traffic), loop::now);
        return new DeviceLoop.Machine<>(gateway, new GatewayReport(gateway, silent));
    }

    private void watch(InterfaceAddresses interfaces, List<IpAddress> first, TokenSource token) {
        var seen = new Object() {
            List<IpAddress> addresses = first;
            volatile boolean complete = true;
        };
        host.watch(() -> {
            List<IpAddress> now = interfaces.read();
            if (!now.equals(seen.addresses) || !seen.complete) {
                seen.addresses = now;
                sayOmitted(interfaces);
                loop.execute(at -> seen.complete = device.setAddresses(now));
            }
        });
        host.every(
                TOKEN_INTERVAL,
                () -> token.reread(LOG).ifPresent(fresh -> {
                    LOG.log(
                            System.Logger.Level.INFO,
                            fresh.isEmpty()
                                    ? "signed out: all access has ended"
                                    : "the token file has changed: trying what it holds");
                    loop.execute(now -> device.token(fresh, now));
                }));
    }

    private static void sayOmitted(InterfaceAddresses interfaces) {
        if (interfaces.omitted() > 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "this host has very many addresses: peers are told the most used, and not " + interfaces.omitted()
                            + " others; --exclude-interface leaves out what is not meant for them");
        }
    }

    private String status() {
        ObjectNode status = askLoop(() -> device.status(loop.now()));
        if (status.path("state").asText().equals("running") && !host.configured()) {
            status.put("state", "starting");
        }
        ObjectNode tunnel = status.has("tunnel") ? (ObjectNode) status.get("tunnel") : status.putObject("tunnel");
        tunnel.put("device", tun.name());
        host.report(tunnel);
        if (host.trouble() != null) {
            tunnel.put("trouble", host.trouble());
        }
        ObjectNode features = status.putObject("features");
        configuration.features().byName().forEach(features::put);
        ArrayNode told = status.putArray("warnings");
        warnings.forEach(told::add);
        return status.put("version", UserAgent.OWN_VERSION).toPrettyString() + "\n";
    }

    private List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>(device.metrics());
        metrics.addAll(host.metrics());
        return metrics;
    }

    private static List<String> warnings(Role role, String tunnel, int mtu, HostRoutes routes) {
        HostChecks checks = new HostChecks();
        List<String> warnings = new ArrayList<>(checks.reversePath(InterfaceAddresses.names(tunnel)));
        warnings.addAll(checks.reversePathByFirewall());
        warnings.addAll(routes.notes());
        if (role == Role.GATEWAY) {
            warnings.addAll(checks.forwarding());
        }
        if (mtu > Configuration.DEFAULT_MTU) {
            warnings.add("the MTU is " + mtu + ": clients and gateways of other makes drop packets above "
                    + Configuration.DEFAULT_MTU + " bytes without a word; set it only where all are ours");
        }
        warnings.forEach(warning -> LOG.log(System.Logger.Level.WARNING, warning));
        return List.copyOf(warnings);
    }

    private <T> T onLoop(Supplier<T> step) {
        return CompletableFuture.supplyAsync(step, loop.netty()).join();
    }

    /** For those who ask from outside: a loop that does not answer is not to hold them too. */
    private <T> T askLoop(Supplier<T> question) {
        return CompletableFuture.supplyAsync(question, loop.netty())
                .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
