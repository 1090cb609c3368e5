package dev.sluice.lab.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.lab.Curl;
import dev.sluice.lab.Device;
import dev.sluice.lab.Lab;
import dev.sluice.lab.LocalBrowser;
import dev.sluice.lab.Topology;
import java.io.BufferedReader;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Somebody signs a client in that has no browser, by the code that it shows, and out again. The client asks every five seconds
 * (RFC 8628, section 3.2): what comes on top of that is ours.
 */
final class SignIn implements Scenario {
    private static final double BOUND_MILLISECONDS = 10_000;
    private static final Duration ATTEMPT = Duration.ofSeconds(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public String name() {
        return "sign-in";
    }

    @Override
    public String promise() {
        return "a client is signed in by its code: from somebody's word at a browser to the first answer; sign-out ends it";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        Device device = lab.secondClient();
        try {
            device.startSignedOut();
            Check.within(
                    Lab.DEVICE_PATIENCE,
                    "the client says that nobody is signed in",
                    () -> device.findStatus()
                            .filter(status -> status.path("portal")
                                    .path("remedy")
                                    .asText()
                                    .contains("client sign-in"))
                            .isPresent());
            LocalBrowser browser = signedIn(lab);
            Process signIn = device.clientCommand("sign-in", "--account", "firezone", "--json");
            long begin;
            try (BufferedReader said = signIn.inputReader()) {
                JsonNode code = JSON.readTree(said.readLine());
                var asked = browser.open(code.path("verification_uri_complete").asText());
                Check.that(
                        asked.body().contains(Topology.CLIENT_2) && asked.body().contains("Is this your device?"),
                        "the page does not show the device: " + asked.status() + " " + asked.body());
                begin = System.nanoTime();
                var granted = browser.submit("/firezone/device/grant", asked.hidden());
                Check.that(granted.status() == 200, "it is not granted: " + granted.body());
                JsonNode done = JSON.readTree(said.readLine());
                Check.that(done.path("signed_in").asBoolean(), "the client is not signed in: " + done);
            }
            Check.that(signIn.waitFor() == 0, "sign-in failed");
            Check.within(Stage.PATIENCE, "a request is answered", () -> get().succeeded());
            double took = Check.millisecondsSince(begin);

            Process signOut = device.clientCommand("sign-out");
            Check.that(signOut.waitFor(Stage.PATIENCE.toSeconds(), TimeUnit.SECONDS), "sign-out does not end");
            Check.that(signOut.exitValue() == 0, "sign-out failed");
            Check.within(
                    Stage.PATIENCE,
                    "the client is signed out",
                    () -> device.status().path("state").asText().equals("signed_out"));
            Check.that(get().refused(), "the client gets through although it is signed out");
            return Figure.milliseconds(took, BOUND_MILLISECONDS);
        } finally {
            device.part().stop();
        }
    }

    private static Curl get() {
        return Curl.from(Topology.CLIENT_2, Stage.url(Topology.RESOURCE_IPV4, 80, "/"), ATTEMPT);
    }

    /** An admin, at a browser on the portal's host. */
    private static LocalBrowser signedIn(Lab lab) throws Exception {
        LocalBrowser browser = new LocalBrowser(Topology.PORTAL);
        String link = lab.portal().operate("sign-in-link").path("url").asText();
        var asked = browser.open(link);
        var entered = browser.submit("/firezone/sign_in/link", asked.hidden());
        Check.that(entered.status() == 303, "the link signs nobody in: " + entered.status() + " " + entered.body());
        return browser;
    }
}
