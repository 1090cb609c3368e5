package dev.sluice.datapath.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a client and of a gateway as they are typed; {@link Configuration} is what they mean. */
@Command
final class DeviceOptions {
    @Mixin
    PortalOptions portal = new PortalOptions();

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = {
                "This device's id (default: made once and kept in the state directory)",
                "[SLUICE_ID, FIREZONE_ID]"
            })
    @Nullable String id;

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
            names = "--on-event",
            paramLabel = "COMMAND",
            description = {
                "Run by sh when the portal takes the token, and when it takes it no more: SLUICE_EVENT is signed_in or"
                        + " signed_out, SLUICE_REASON says why",
                "[SLUICE_ON_EVENT, FIREZONE_ON_EVENT]"
            })
    @Nullable String onEvent;

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
