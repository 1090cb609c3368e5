package dev.sluice.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** What the demo shows, step by step, with what each step took. */
final class Story {
    private static final String RESOURCE = "172.20.0.0/16";
    private static final String OTHER = "172:20::/64";
    private static final String SITE = "mycro-aws-gws";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration INTERVAL = Duration.ofMillis(20);

    private final Lab lab;
    private final PrintWriter out;
    private int number;

    Story(Lab lab, PrintWriter out) {
        this.lab = lab;
        this.out = out;
    }

    /** Tells it; returns the exit code. */
    int tell() throws Exception {
        out.println(
                "An internet in one machine: portal, gateway, client and a protected server, as network namespaces.");
        out.println("Every packet below is real; nothing of this outlives the demo.");
        out.println();
        step("Start portal (with its own PostgreSQL), gateway and client", () -> {
            lab.startParts();
            await(() -> lab.client().leadsTo(RESOURCE) && lab.client().leadsTo(OTHER));
            return "the client knows of " + RESOURCE + " \"MyCorp Network\", and there is no tunnel";
        });
        long before = leaked();
        step("An application on the client asks the server: curl http://172.20.0.100/", () -> {
            Curl curl = get();
            require(curl.succeeded(), curl);
            return "\"" + curl.body().strip() + "\", first byte after " + milliseconds(curl.firstByte())
                    + ": the portal has authorized the flow, and client and gateway have connected";
        });
        step("The same again, and over IPv6, which is another resource", () -> {
            Curl curl = get();
            require(curl.succeeded(), curl);
            Curl other = Curl.from(Topology.CLIENT, "http://[" + Topology.RESOURCE_IPV6 + "]/", PATIENCE);
            require(other.succeeded(), other);
            return "first byte after " + milliseconds(curl.firstByte()) + " and " + milliseconds(other.firstByte())
                    + ", through the tunnel that is there now";
        });
        step("The gateway is told to drop the grant: ./sluice portal reject-access", () -> {
            String id = lab.client().resourceId(RESOURCE).orElseThrow();
            lab.portal().administer("reject-access", "--site", SITE, "--resource", RESOURCE);
            await(() -> !lab.gateway().holdsGrant(id));
            return "nobody told the client";
        });
        step("The application asks again", () -> {
            Curl curl = get();
            require(curl.refused(), curl);
            return curl.error() + " (the gateway answered ICMP \"prohibited\")";
        });
        step("The client has heard that error too, and asks the portal for a new flow", () -> {
            await(() -> get().succeeded());
            return "the application gets through ("
                    + lab.client().status().path("reauthorizations").asLong() + " re-authorization)";
        });
        step("The policy is disabled: ./sluice portal policy disable", () -> {
            lab.portal().administer("policy", "disable", RESOURCE);
            await(() -> lab.client().resourceId(RESOURCE).isEmpty());
            JsonNode denial = lab.client().status().path("last_denial");
            return "the resource is gone from the client; why: "
                    + denial.path("reason").asText();
        });
        step("The policy is enabled again, and the application asks", () -> {
            lab.portal().administer("policy", "enable", RESOURCE);
            await(() -> lab.client().leadsTo(RESOURCE));
            Curl curl = get();
            require(curl.succeeded(), curl);
            return "first byte after " + milliseconds(curl.firstByte()) + ", through a new tunnel";
        });
        long leaked = leaked() - before;
        out.println();
        out.printf(Locale.ROOT, "Packets for the server that the routers have seen in clear: %d%n", leaked);
        return leaked == 0 ? 0 : 1;
    }

    private interface Step {
        String take() throws Exception;
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private void step(String what, Step step) throws Exception {
        number++;
        out.printf(Locale.ROOT, "%d. %s%n", number, what);
        long begin = System.nanoTime();
        String result = step.take();
        out.printf(Locale.ROOT, "   %s%n   [%s]%n", result, milliseconds((System.nanoTime() - begin) / 1e6));
    }

    private static long leaked() {
        return Network.leaked(Topology.CLIENT_ROUTER) + Network.leaked(Topology.GATEWAY_ROUTER);
    }

    private Curl get() {
        return Curl.from(Topology.CLIENT, "http://" + Topology.RESOURCE_IPV4 + "/", PATIENCE);
    }

    private static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - end > 0) {
                throw new LabException("this did not happen within " + PATIENCE.toSeconds() + " s");
            }
            Thread.sleep(INTERVAL);
        }
    }

    private static void require(boolean asExpected, Curl curl) {
        if (!asExpected) {
            throw new LabException("the demo stops here: curl ended with code " + curl.code() + ", HTTP status "
                    + curl.status() + " " + curl.error());
        }
    }

    private static String milliseconds(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.1f ms" : "%.0f ms", value);
    }
}
