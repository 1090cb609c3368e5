package dev.sluice.datapath.app;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Where the portal is, and what this device is to it: what signing in has in common with running. */
@Command
final class PortalOptions {
    @Option(
            names = "--api-url",
            paramLabel = "URL",
            description = {
                "The portal's sockets, ws:// or wss:// (default: ws://127.0.0.1:13001/)",
                "[SLUICE_API_URL, FIREZONE_API_URL]"
            })
    @Nullable URI apiUrl;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = {
                "File of mode 600 with the token; it is read again when it changes. Without it the token itself is"
                        + " taken from SLUICE_TOKEN or FIREZONE_TOKEN, and a client's else from sign-in",
                "[SLUICE_TOKEN_FILE, FIREZONE_TOKEN_PATH]"
            })
    @Nullable Path tokenFile;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = {"The name the portal shows (default: the host's name)", "[SLUICE_NAME, FIREZONE_NAME]"})
    @Nullable String name;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = {
                "Where the id and what sign-in gives are kept (default: /var/lib/sluice as root, else the user's state directory)",
                "[SLUICE_STATE_DIR, FIREZONE_STATE_DIR]"
            })
    @Nullable Path stateDirectory;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description = {
                "PEM certificates to trust for wss:// in place of the system's",
                "[SLUICE_CA_FILE, FIREZONE_CA_FILE]"
            })
    @Nullable Path caFile;
}
