package dev.sluice.datapath.app;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options of a client and of a gateway as they are typed; {@link Configuration} is what they mean. */
@Command
final class DeviceOptions {
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
                        + " taken from SLUICE_TOKEN or FIREZONE_TOKEN",
                "[SLUICE_TOKEN_FILE, FIREZONE_TOKEN_PATH]"
            })
    @Nullable Path tokenFile;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = {
                "This device's id (default: made once and kept in the state directory)",
                "[SLUICE_ID, FIREZONE_ID]"
            })
    @Nullable String id;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = {"The name the portal shows (default: the host's name)", "[SLUICE_NAME, FIREZONE_NAME]"})
    @Nullable String name;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = {
                "Where the id is kept (default: /var/lib/sluice as root, else the user's state directory)",
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

    @Option(
            names = "--interface",
            paramLabel = "NAME",
            description = {
                "The TUN device's name (default: sluice0, or the next free number)",
                "[SLUICE_INTERFACE, FIREZONE_INTERFACE]"
            })
    @Nullable String interfaceName;

    @Option(
            names = "--exclude-interface",
            paramLabel = "NAME,…",
            split = ",",
            description = {
                "Interfaces whose addresses peers are not told; a * at the end stands for any rest",
                "[SLUICE_EXCLUDE_INTERFACE, FIREZONE_EXCLUDE_INTERFACE]"
            })
    List<String> excludedInterfaces = List.of();

    @Option(
            names = "--mtu",
            paramLabel = "BYTES",
            description = {"The TUN device's MTU, 1280 to 1420 (default: 1280)", "[SLUICE_MTU, FIREZONE_MTU]"})
    @Nullable Integer mtu;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = {
                "The UDP port, else an ephemeral one if it is busy (default: 52625)",
                "[SLUICE_PORT, FIREZONE_PORT]"
            })
    @Nullable Integer port;

    @Option(
            names = "--offload",
            paramLabel = "on|off",
            description = {
                "Whether packets go to and from the kernel in larger pieces, where it can cut them (default: on)",
                "[SLUICE_OFFLOAD, FIREZONE_OFFLOAD]"
            })
    @Nullable String offload;

    @Option(
            names = "--aead",
            paramLabel = "NAME",
            description = {
                "What seals packets, in place of what is the fastest here: jdk-intrinsics,"
                        + " jdk-intrinsics-with-own-poly1305, openssl, sunjce or bouncycastle",
                "[SLUICE_AEAD, FIREZONE_AEAD]"
            })
    @Nullable String aead;

    @Option(
            names = "--max-partition",
            paramLabel = "TIME",
            description = {
                "A gateway's alone: how long it serves clients without a word of the portal, as 90s, 15m or 2h"
                        + " (default: 15m)",
                "[SLUICE_MAX_PARTITION, FIREZONE_MAX_PARTITION]"
            })
    @Nullable String maxPartition;

    @Option(
            names = "--status-address",
            paramLabel = "HOST:PORT",
            description = {
                "Where status, metrics and health are served (default: 127.0.0.1:13020 client, 127.0.0.1:13010"
                        + " gateway)",
                "[SLUICE_STATUS_ADDRESS, FIREZONE_STATUS_ADDRESS]"
            })
    @Nullable String statusAddress;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description = {
                "error, warning, info, debug or trace (default: info)",
                "[SLUICE_LOG_LEVEL, FIREZONE_LOG_LEVEL]"
            })
    @Nullable String logLevel;

    @Option(
            names = "--feature",
            paramLabel = "NAME=BOOL",
            description = "Sets a feature flag; the flags are listed below")
    Map<String, String> features = new LinkedHashMap<>();

    @Option(
            names = "--lab",
            description = {"Allows what is meant for the lab alone: --timing", "[SLUICE_LAB, FIREZONE_LAB]"})
    boolean lab;

    @Option(
            names = "--timing",
            paramLabel = "NAME=TIME,…",
            description = {
                "Overrides protocol timers, for example rekey-after=20s; refused without --lab",
                "[SLUICE_TIMING, FIREZONE_TIMING]"
            })
    @Nullable String timing;
}
