package dev.sluice.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.functions.command.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A portal of the lab. An embedded database is a process of its own and outlives a portal that is killed. */
public final class Portal {
    /** How often it sums up to gateways what it told them; more often than elsewhere. */
    public static final Duration DIGEST_EVERY = Duration.ofSeconds(2);

    static final int API_PORT = 13001;
    static final int ADMIN_PORT = 13002;
    /** Where functions tell what devices are to be told. */
    static final int POSTS_PORT = 13003;

    /** Of the seeds: where things are meant that commands name. */
    private static final String ACCOUNT = "firezone";

    static final int WEB_PORT = 13000;

    /** From the ports of one portal to those of the next. */
    private static final int STEP = 100;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(30);
    private static final Duration MIGRATION_LIMIT = Duration.ofMinutes(3);

    private final int number;
    private final Part part;
    private volatile Map<String, String> settings;
    private volatile Path tree = Place.tree();
    private volatile boolean functions;

    /** The one that the lab's own devices use. */
    Portal() {
        this(0, Map.of());
    }

    private Portal(int number, Map<String, String> settings) {
        this.number = number;
        this.settings = settings;
        part = new Part(Topology.PORTAL, this::command, this::environment);
    }

    /**
     * Another on the same host, with ports and a directory of its own; not running yet.
     *
     * @param number from 1
     * @param settings environment variables of its own
     */
    public static Portal another(int number, Map<String, String> settings) {
        return new Portal(number, settings);
    }

    private List<String> command() {
        return functions
                ? PartCommands.portalFunctions(
                        "--listen=0.0.0.0",
                        "--port=" + (API_PORT + STEP * number),
                        "--operator-port=" + (ADMIN_PORT + STEP * number),
                        "--posts-port=" + (POSTS_PORT + STEP * number),
                        "--data=" + dataDirectory())
                : PartCommands.portalProcess(tree);
    }

    /** From its next start on it is this build, with settings of its own. */
    public void upgrade(Map<String, String> newSettings) {
        tree = Place.tree();
        settings = newSettings;
        functions = false;
    }

    /** From its next start on it is this build's functions, with settings of their own, and what calls them. */
    public void becomeFunctions(Map<String, String> newSettings) {
        upgrade(newSettings);
        functions = true;
    }

    /** From its next start on it is the version before, with settings of its own. */
    public void downgrade(Map<String, String> oldSettings) {
        tree = Place.previousTree()
                .orElseThrow(
                        () -> new LabException("needs a built tree of the version before, named by SLUICE_PREVIOUS:"
                                + " git worktree add DIRECTORY REVISION && DIRECTORY/sluice --build"));
        settings = oldSettings;
    }

    /** Runs this tree's {@code portal migrate} with these settings, and returns what it says. */
    public static String migrate(Map<String, String> settings) {
        Program.Result result = Program.run(
                Program.on(Topology.PORTAL, PartCommands.portalProcess(Place.tree(), "migrate")),
                "",
                MIGRATION_LIMIT,
                settings);
        if (!result.succeeded()) {
            throw new LabException("portal migrate failed: " + result.errors().strip()
                    + result.output().strip());
        }
        return result.output();
    }

    /** Where devices on its host find it. */
    public URI localUrl() {
        return URI.create("ws://127.0.0.1:" + (API_PORT + STEP * number));
    }

    /** Where clients and gateways find it. */
    public static String apiUrl() {
        return "ws://" + Topology.PORTAL_IPV4 + ":" + API_PORT;
    }

    public Part part() {
        return part;
    }

    /** Whether it answers requests. */
    public boolean isHealthy() {
        return LocalHttp.get(Topology.PORTAL, API_PORT + STEP * number, "/healthz")
                .isPresent();
    }

    /** Runs a command of the portal's administration and returns what it prints; fails when the command does. */
    public String administer(String... arguments) {
        List<String> command = new ArrayList<>(List.of("env"));
        environment().forEach((name, value) -> command.add(name + "=" + value));
        command.addAll(PartCommands.portalAdministration());
        command.addAll(Arrays.asList(arguments));
        Program.Result result = Program.run(Program.on(Topology.PORTAL, command), "", COMMAND_LIMIT);
        if (!result.succeeded()) {
            throw new LabException("portal " + String.join(" ", arguments) + " failed: "
                    + result.errors().strip() + result.output().strip());
        }
        return result.output();
    }

    /**
     * Runs a command of the portal's administration within this process, and returns what it prints; fails when the command
     * does.
     */
    public JsonNode operate(String... arguments) {
        String[] command =
                Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray(String[]::new);
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();
        try {
            Map<String, String> environment = environment();
            environment.put("SLUICE_ACCOUNT", ACCOUNT);
            int code = Namespace.call(
                    Topology.PORTAL,
                    () -> Main.run(environment, new PrintWriter(out, true), new PrintWriter(errors, true), command));
            if (code != 0) {
                throw new LabException("portal " + String.join(" ", arguments) + " failed: "
                        + errors.toString().strip());
            }
            return JSON.readTree(out.toString());
        } catch (Exception e) {
            throw LabException.wrap("portal " + String.join(" ", arguments), e);
        }
    }

    /** Whether its administration answers. */
    public boolean takesOrders() {
        return isHealthy() && Files.exists(dataDirectory().resolve("admin-secret"));
    }

    private Map<String, String> environment() {
        Map<String, String> all = new TreeMap<>(HostEnvironment.of(Topology.PORTAL));
        all.put("SLUICE_DATA_DIR", dataDirectory().toString());
        all.put("SLUICE_WEB_PORT", Integer.toString(WEB_PORT + STEP * number));
        all.put("SLUICE_API_PORT", Integer.toString(API_PORT + STEP * number));
        all.put("SLUICE_ADMIN_PORT", Integer.toString(ADMIN_PORT + STEP * number));
        all.put("STATIC_SEEDS", "true");
        all.put("SLUICE_STREAM_DIGEST_EVERY", DIGEST_EVERY.toSeconds() + "S");
        // The binaries of PostgreSQL are unpacked once per user, where that user keeps such things.
        all.put("XDG_CACHE_HOME", Place.cache().toString());
        all.putAll(settings);
        return all;
    }

    private Path dataDirectory() {
        return Path.of(
                HostEnvironment.of(Topology.PORTAL).getOrDefault("XDG_DATA_HOME", ""),
                number == 0 ? "sluice" : "sluice-" + number);
    }
}
