package dev.sluice.lab.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.lab.Device;
import dev.sluice.lab.Download;
import dev.sluice.lab.Lab;
import dev.sluice.lab.LocalApi;
import dev.sluice.lab.Topology;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** Somebody whom their directory takes out loses what they are downloading, and not by what it says again. */
final class DirectoryRemoval implements Scenario {
    private static final double BOUND_MILLISECONDS = 500;
    private static final Duration LENGTH = Duration.ofSeconds(60);
    private static final Duration QUIET = Duration.ofMillis(500);
    private static final String USERS = "/integrations/scim/v2/Users";

    /** How somebody comes and goes. */
    private interface Way {
        /** @return the actor's id */
        String add(String name) throws Exception;

        /** Says of them again what it said. */
        void repeat() throws Exception;

        void remove() throws Exception;
    }

    @Override
    public String name() {
        return "directory-removal";
    }

    @Override
    public String promise() {
        return "a user is deleted through SCIM, and at WorkOS: from the call to the last byte of a running download, which goes on"
                + " while they say what they said already (3 min)";
    }

    @Override
    public boolean partOfAll() {
        return false;
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        try (OneUserDirectory workos = new OneUserDirectory()) {
            restart(lab, OneUserDirectory.settings());
            Stage stage = Stage.fresh(lab);
            String policy = lab.portal()
                    .operate("policy", "create", "--group", "Everyone", "--resource", Stage.NETWORK_IPV4)
                    .path("id")
                    .asText();
            try {
                double scim = time(lab, stage, scim(lab));
                double webhook = time(lab, stage, workos(lab, workos));
                return Figure.milliseconds(
                        Math.max(scim, webhook),
                        BOUND_MILLISECONDS,
                        String.format(
                                Locale.ROOT,
                                "the later of SCIM %.1f ms and WorkOS' webhook %.1f ms",
                                Math.max(0, scim),
                                Math.max(0, webhook)));
            } finally {
                lab.portal().operate("policy", "delete", policy);
                for (JsonNode directory : lab.portal().operate("directory", "list")) {
                    lab.portal()
                            .operate("directory", "delete", directory.path("id").asText(), "--people", "delete");
                }
            }
        } finally {
            restart(lab, Map.of());
        }
    }

    private static void restart(Lab lab, Map<String, String> settings) throws Exception {
        lab.portal().part().stop();
        lab.portal().upgrade(settings);
        lab.startParts();
        for (var device : new Device[] {lab.gateway(), lab.client()}) {
            Lab.await("a device's channel", Lab.DEVICE_PATIENCE, device.part(), device::isReady);
        }
    }

    private static double time(Lab lab, Stage stage, Way way) throws Exception {
        int[] number = new int[1];
        return Median.of(() -> {
            String actor = way.add("directory-removal-" + number[0]++);
            try (SecondClient client = SecondClient.signedIn(stage, Map.of(), actor)) {
                client.reach(Topology.RESOURCE_IPV4);
                try (Download download = Download.slow(Topology.CLIENT_2, Topology.RESOURCE_IPV4, LENGTH)) {
                    Check.within(Stage.PATIENCE, "the download runs", () -> download.bytes() > 0);
                    JsonNode flows = lab.portal().operate("flow", "list");
                    way.repeat();
                    long sofar = download.bytes();
                    Check.within(Stage.PATIENCE, "the download goes on", () -> download.bytes() > sofar);
                    Check.that(
                            !flows.isEmpty() && flows.equals(lab.portal().operate("flow", "list")),
                            "somebody has other access than before");
                    long begin = System.nanoTime();
                    way.remove();
                    Check.within(Stage.PATIENCE, "the download stops", () -> download.silentFor(QUIET));
                    return (download.lastByte() - begin) / 1e6;
                }
            }
        });
    }

    private static Way scim(Lab lab) {
        lab.portal().operate("directory", "create", "--name", "SCIM", "--type", "scim");
        String token = lab.portal()
                .operate("token", "create", "--type", "directory", "--directory", "SCIM")
                .path("token")
                .asText();
        Map<String, String> headers = Map.of("Authorization", "Bearer " + token);
        String[] user = new String[1];
        String[] said = new String[1];
        return new Way() {
            @Override
            public String add(String name) throws Exception {
                said[0] = "{\"userName\":\"" + name + "\"}";
                user[0] = LocalApi.send(Topology.PORTAL, "POST", USERS, headers, said[0])
                        .path("id")
                        .asText();
                return user[0];
            }

            @Override
            public void repeat() throws Exception {
                LocalApi.send(Topology.PORTAL, "PUT", USERS + "/" + user[0], headers, said[0]);
            }

            @Override
            public void remove() throws Exception {
                LocalApi.send(Topology.PORTAL, "DELETE", USERS + "/" + user[0], headers, "");
            }
        };
    }

    private static Way workos(Lab lab, OneUserDirectory workos) throws Exception {
        lab.portal().operate("directory", "create", "--name", "WorkOS", "--type", "workos");
        lab.portal().operate("directory", "link", "WorkOS");
        lab.portal().operate("directory", "sync", "WorkOS");
        Check.within(
                Stage.PATIENCE,
                "the directory is linked",
                () -> lab.portal()
                        .operate("directory", "show", "WorkOS")
                        .path("linked")
                        .asBoolean());
        return new Way() {
            private String id = "";

            @Override
            public String add(String name) throws Exception {
                id = name;
                workos.add(name);
                // Nothing else is called so.
                return name;
            }

            @Override
            public void repeat() throws Exception {
                workos.repeat();
                JsonNode runs = runs(lab);
                lab.portal().operate("directory", "sync", "WorkOS");
                Check.within(
                        Stage.PATIENCE,
                        "the directory is read again",
                        () -> runs(lab).size() > runs.size()
                                && runs(lab)
                                        .get(runs.size())
                                        .path("outcome")
                                        .asText()
                                        .equals("unchanged"));
            }

            @Override
            public void remove() throws Exception {
                workos.remove();
            }
        };
    }

    private static JsonNode runs(Lab lab) {
        return lab.portal().operate("directory", "runs", "WorkOS");
    }
}
