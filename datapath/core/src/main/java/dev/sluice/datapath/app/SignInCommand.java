package dev.sluice.datapath.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code sluice client sign-in} and {@code sign-out}. */
final class SignInCommand {
    private final PortalOptions options;
    private final boolean json;
    private final PrintWriter out;
    private final Path file;

    SignInCommand(PortalOptions options, boolean json, Map<String, String> environment, PrintWriter out) {
        this.options = options;
        this.json = json;
        this.out = out;
        this.file = options.tokenFile != null
                ? options.tokenFile
                : SignInFile.in(StateDirectory.of(options.stateDirectory, environment));
    }

    /** Prints what somebody is to do, and waits until they have. */
    int signIn(@Nullable String account, DeviceAuthorization.Pause pause) throws InterruptedException {
        SignInFile.requireWritable(file);
        DeviceAuthorization portal = portal(pause);
        DeviceAuthorization.Begun begun = portal.begin(Configuration.name(options.name), account);
        if (json) {
            print(StatusJson.object()
                    .put("user_code", begun.userCode())
                    .put("verification_uri", begun.address())
                    .put("verification_uri_complete", begun.wholeAddress())
                    .put("expires_in", begun.life().toSeconds()));
        } else {
            out.printf(
                    Locale.ROOT,
                    "Open this in a browser, on any device:%n%n    %s%n%nand see that it shows this code:    %s%n%n"
                            + "Waiting, for %d minutes at most …%n",
                    begun.wholeAddress(),
                    begun.userCode(),
                    begun.life().toMinutes());
            out.flush();
        }
        DeviceAuthorization.SignedIn signedIn = portal.await(begun);
        SignInFile.write(file, signedIn.token());
        if (json) {
            print(StatusJson.object()
                    .put("signed_in", true)
                    .put("actor", signedIn.actor())
                    .put("account", signedIn.account())
                    .put("account_slug", signedIn.slug())
                    .put("token_file", file.toString()));
        } else {
            out.printf(
                    Locale.ROOT,
                    "Signed in to %s as %s. A client that runs takes it by itself; else: ./sluice client start%n",
                    signedIn.account(),
                    signedIn.actor());
            out.flush();
        }
        return 0;
    }

    /** Ends the token at the portal and forgets it here, the latter in any case. */
    int signOut() throws InterruptedException {
        String token = SignInFile.read(file);
        boolean there = SignInFile.delete(file);
        if (!there) {
            throw CommandFailedException.refused("nobody is signed in: there is no " + file);
        }
        try {
            portal(time -> {}).revoke(token);
        } catch (CommandFailedException unended) {
            throw CommandFailedException.refused("signed out on this host; but the token was not ended, and is good"
                    + " until it is over or an admin withdraws it: " + unended.getMessage());
        }
        if (json) {
            print(StatusJson.object().put("signed_in", false));
        } else {
            out.println("Signed out. All access of this client has ended.");
            out.flush();
        }
        return 0;
    }

    private DeviceAuthorization portal(DeviceAuthorization.Pause pause) {
        return new DeviceAuthorization(Configuration.apiUrl(options.apiUrl), options.caFile, pause);
    }

    /** A line each, for programs. */
    private void print(JsonNode line) {
        out.println(line);
        out.flush();
    }
}
