package dev.sluice.lab.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.lab.Echo;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Part;
import dev.sluice.lab.Topology;
import dev.sluice.lab.foreign.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Access to many resources is taken away many times, while the portal decides for others. */
final class LastPacket implements Scenario {
    private static final int COUNT = 1_000;
    private static final int RESOURCES = 20;
    private static final int WARM_UP = 2 * RESOURCES;
    private static final double BOUND_MILLISECONDS = 100;
    private static final Duration PACE = Duration.ofMillis(1);
    private static final int SETTLED = 20;
    private static final Duration QUIET = Duration.ofMillis(100);
    private static final Duration ASK_EVERY = Duration.ofMillis(10);

    /** Of these the seeds know nothing, and no other resource covers them. */
    private static final String NETWORK = "172.21.0.";

    private static final String ACCOUNT = "firezone";
    private static final String OTHER_SITE = "Internet";

    private record Target(String address, String name, String policy) {}

    @Override
    public String name() {
        return "last-packet";
    }

    @Override
    public String promise() {
        return "policies of 20 resources are disabled 1,000 times beside 100 asks/s: from the commit to the last packet (6 min)";
    }

    @Override
    public boolean partOfAll() {
        return false;
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        List<Target> targets = new ArrayList<>();
        try {
            for (int i = 1; i <= RESOURCES; i++) {
                targets.add(target(lab, NETWORK + i, "last-packet-" + i, Stage.SITE));
            }
            Target elsewhere = target(lab, "10.66.0.1", "elsewhere", OTHER_SITE);
            targets.add(elsewhere);
            Part echoes = lab.echoes(
                    targets.stream().limit(RESOURCES).map(Target::address).toList());
            echoes.start();
            try (Traffic traffic = new Traffic(List.of(lab.portal().localUrl()), load(lab, elsewhere), 1)) {
                Check.within(Stage.PATIENCE, "others are granted what they ask for", () -> traffic.answers() > 0);
                return measure(stage, targets.subList(0, RESOURCES), traffic);
            } finally {
                echoes.stop();
            }
        } finally {
            for (Target target : targets) {
                lab.portal().operate("resource", "delete", target.name());
            }
        }
    }

    private static Figure measure(Stage stage, List<Target> targets, Traffic traffic) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            time(stage, targets.get(i % targets.size()));
        }
        double[] times = new double[COUNT];
        long answers = traffic.answers();
        long begin = System.nanoTime();
        for (int i = 0; i < COUNT; i++) {
            times[i] = time(stage, targets.get(i % targets.size()));
        }
        double seconds = Check.millisecondsSince(begin) / 1000;
        Arrays.sort(times);
        return Figure.milliseconds(
                times[COUNT * 99 / 100],
                BOUND_MILLISECONDS,
                String.format(
                        Locale.ROOT,
                        "p99 of %d over %d resources; p50 %.1f ms, longest %.1f ms; beside %.0f flows/s of others",
                        COUNT,
                        targets.size(),
                        times[COUNT / 2],
                        times[COUNT - 1],
                        (traffic.answers() - answers) / seconds));
    }

    /** From when the flow was deleted, in the transaction that disabled the policy, until the last answer came. */
    private static double time(Stage stage, Target target) throws Exception {
        Lab lab = stage.lab();
        stage.awaitResource(lab.client(), target.address() + "/32");
        try (Echo echo = Echo.start(Topology.CLIENT, target.address(), PACE)) {
            Check.within(Stage.PATIENCE, "the echo answers", () -> echo.answered() > SETTLED);
            lab.portal().operate("policy", "disable", target.policy());
            Check.within(
                    Stage.PATIENCE,
                    "no answer comes any more",
                    () -> echo.lastAnswer().plus(QUIET).isBefore(Instant.now()));
            return Math.max(
                    0, Duration.between(endedAt(lab, target), echo.lastAnswer()).toNanos() / 1e6);
        } finally {
            lab.portal().operate("policy", "enable", target.policy());
        }
    }

    private static Instant endedAt(Lab lab, Target target) {
        for (JsonNode entry : lab.portal().operate("audit", "list", "--action", "flow_ended", "--limit", "100")) {
            if (entry.path("resource").asText().equals(target.name())) {
                return Instant.parse(entry.path("at").asText());
            }
        }
        throw new ScenarioFailure("the audit does not say when the flow to " + target.name() + " ended");
    }

    private static Target target(Lab lab, String address, String name, String site) {
        lab.portal()
                .operate(
                        "resource",
                        "create",
                        "--type",
                        "ip",
                        "--address",
                        address,
                        "--site",
                        site,
                        "--name",
                        name,
                        "--account",
                        ACCOUNT);
        JsonNode policy = lab.portal().operate("policy", "create", "--group", "Everyone", "--resource", name);
        return new Target(address, name, policy.path("id").asText());
    }

    private static Traffic.Load load(Lab lab, Target elsewhere) {
        String token = lab.portal()
                .operate("token", "create", "--type", "gateway", "--site", OTHER_SITE, "--account", ACCOUNT)
                .path("token")
                .asText();
        String resource = "";
        for (JsonNode known : lab.portal().operate("resource", "list", "--limit", "1000")) {
            if (known.path("name").asText().equals(elsewhere.name())) {
                resource = known.path("id").asText();
            }
        }
        return new Traffic.Load(1, 0, 16, ASK_EVERY, token, resource);
    }
}
