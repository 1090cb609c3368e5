package dev.sluice.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A client or a gateway of the lab. */
public final class Device {
    private static final Duration CHECK_PATIENCE = Duration.ofSeconds(20);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String host;
    private final String token;
    private final int statusPort;
    private final Part part;
    private Map<String, String> settings = Map.of();

    private Device(String host, String token, int statusPort, List<String> command) {
        this.host = host;
        this.token = token;
        this.statusPort = statusPort;
        this.part = new Part(host, () -> command, this::environment);
    }

    static Device client(String host) {
        return new Device(host, StaticTokens.CLIENT, 13020, PartCommands.client("start"));
    }

    static Device gateway(String host) {
        return new Device(host, StaticTokens.GATEWAY, 13010, PartCommands.gateway("start"));
    }

    public String host() {
        return host;
    }

    public Part part() {
        return part;
    }

    /** Starts it, unless it runs, with {@code settings} (environment variables) beside the usual ones. */
    public void start(Map<String, String> settings) {
        start(settings, token);
    }

    /** Starts it, unless it runs, with a token of its own. */
    public void start(Map<String, String> settings, String token) {
        this.settings = settings;
        writeToken(token);
        part.start();
    }

    /** Starts it, unless it runs, as the lab usually does. */
    public void start() {
        start(Map.of());
    }

    /** Whether it runs with settings of its own. */
    public boolean isSpecial() {
        return !settings.isEmpty();
    }

    /** What {@code gateway check} says on this host. */
    public Program.Result checkGateway() {
        return Program.run(Program.on(host, PartCommands.gateway("check")), "", CHECK_PATIENCE);
    }

    /** Starts it, unless it runs, as nobody's: somebody has to sign it in. */
    public void startSignedOut() {
        settings = Map.of("SLUICE_TOKEN_FILE", "");
        part.start();
    }

    /** Runs {@code client} with these arguments on this host; it goes on by itself. */
    public Process clientCommand(String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(Program.on(host, PartCommands.client(arguments)));
        builder.environment().putAll(environment());
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new LabException("cannot run client " + String.join(" ", arguments) + " on " + host, e);
        }
    }

    /** Replaces the token in its token file. */
    public void writeToken(String text) {
        try {
            Path file = tokenFile();
            if (!Files.exists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new LabException("cannot write the token of " + host, e);
        }
    }

    /** What it says of itself; empty while it does not answer. */
    public Optional<JsonNode> findStatus() {
        return LocalHttp.get(host, statusPort, "/status").map(Device::parse);
    }

    /** What it says of itself. */
    public JsonNode status() {
        return findStatus().orElseThrow(() -> new LabException("what runs on " + host + " does not answer"));
    }

    /** Whether it is connected to the portal, and has set up what that told it. */
    public boolean isReady() {
        return findStatus()
                .map(status -> status.path("state").asText().equals("running")
                        && status.path("portal").path("state").asText().equals("up"))
                .orElse(false);
    }

    /** The id of the resource with this address, as a client knows it; empty when it does not. */
    public Optional<String> resourceId(String address) {
        for (JsonNode resource : status().path("resources")) {
            if (resource.path("address").asText().equals(address)) {
                return Optional.of(resource.path("id").asText());
            }
        }
        return Optional.empty();
    }

    /**
     * Whether applications on a client's host reach this network through the tunnel: the client knows the resource, and the
     * host's routes lead there. An application that connects between the two begins in clear and stays so.
     */
    public boolean leadsTo(String network) {
        return findStatus().isPresent()
                && resourceId(network).isPresent()
                && routeOf(network).contains(" dev sluice");
    }

    private String routeOf(String network) {
        String address = network.substring(0, network.indexOf('/'));
        return Program.run(List.of("ip", "-n", host, "route", "get", address), "", Duration.ofSeconds(5))
                .output();
    }

    /** Whether, as a gateway, it holds a grant for this resource. */
    public boolean holdsGrant(String resourceId) {
        for (JsonNode client : status().path("clients")) {
            for (JsonNode grant : client.path("grants")) {
                if (grant.path("resource_id").asText().equals(resourceId)) {
                    return true;
                }
            }
        }
        return false;
    }

    private Map<String, String> environment() {
        Map<String, String> all = new TreeMap<>(HostEnvironment.of(host));
        all.put("SLUICE_API_URL", Portal.apiUrl());
        all.put("SLUICE_TOKEN_FILE", tokenFile().toString());
        all.put("SLUICE_NAME", host);
        all.put("SLUICE_LAB", "true");
        all.putAll(settings);
        return all;
    }

    private Path tokenFile() {
        return Path.of(HostEnvironment.of(host).getOrDefault("HOME", "")).resolve("token");
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new LabException("the status is no JSON", e);
        }
    }
}
