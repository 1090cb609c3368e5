package dev.sluice.functions.device;

import dev.sluice.channel.Dialect;
import dev.sluice.functions.address.Origin;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a device says about itself when it connects, checked.
 *
 * @param publicKey base64 of 32 bytes
 * @param version of the device's software
 * @param origin where it connects from
 * @param dialect by which names it speaks
 * @param serves the types of resources that it says it serves, a gateway of ours; null if it does not say
 */
public record Admission(
        String externalId,
        String name,
        String publicKey,
        String userAgent,
        SoftwareVersion version,
        Hardware hardware,
        Origin origin,
        boolean own,
        Dialect dialect,
        @Nullable List<String> serves) {
    /** What identifies the hardware; null where not said. */
    public record Hardware(
            @Nullable String serial,
            @Nullable String uuid,
            @Nullable String identifierForVendor,
            @Nullable String firebaseInstallationId) {}

    /** The parameters of a handshake, or the sentence that says what is wrong with them. */
    public sealed interface Checked {
        record Valid(Admission admission) implements Checked {}

        record Invalid(String problem) implements Checked {}
    }

    /** Reads one value by its name; null where it was not sent. */
    @FunctionalInterface
    public interface Parameters {
        @Nullable String get(String name);
    }

    private static final int KEY_LENGTH = 44;
    private static final int KEY_BYTES = 32;
    private static final int MAX_LENGTH = 255;
    private static final int MAX_USER_AGENT_LENGTH = 1024;
    private static final List<String> ADDRESSES = List.of("cidr", "ip");
    private static final List<String> TYPES = List.of("cidr", "ip", "dns", "internet");
    private static final List<String> TEXTS = List.of(
            "external_id", "name", "device_serial", "device_uuid", "identifier_for_vendor", "firebase_installation_id");

    @Nullable Double latitude() {
        return origin.place() == null ? null : origin.place().latitude();
    }

    @Nullable Double longitude() {
        return origin.place() == null ? null : origin.place().longitude();
    }

    public static Checked check(Parameters parameters, @Nullable String userAgent, Origin origin, Dialect dialect) {
        for (var text : TEXTS) {
            var value = parameters.get(text);
            if (value != null && (value.length() > MAX_LENGTH || hasControls(value))) {
                return new Checked.Invalid(text + ": at most 255 characters, none of them a control character");
            }
        }
        var externalId = parameters.get("external_id");
        var name = parameters.get("name");
        var publicKey = parameters.get("public_key");
        if (externalId == null || externalId.isBlank()) {
            return new Checked.Invalid("external_id: must be given");
        }
        if (publicKey == null || !isKey(publicKey)) {
            return new Checked.Invalid("public_key: must be base64 of 32 bytes");
        }
        var version = SoftwareVersion.ofUserAgent(userAgent == null ? "" : userAgent);
        if (userAgent == null || version.isEmpty()) {
            return new Checked.Invalid("user_agent: must contain a component and its version");
        }
        if (userAgent.length() > MAX_USER_AGENT_LENGTH || hasControls(userAgent)) {
            return new Checked.Invalid("user_agent: at most 1024 characters, none of them a control character");
        }
        boolean own = "1".equals(parameters.get("sluice"));
        return new Checked.Valid(new Admission(
                externalId,
                name == null || name.isBlank() ? externalId.substring(0, Math.min(8, externalId.length())) : name,
                publicKey,
                userAgent,
                version.get(),
                new Hardware(
                        parameters.get("device_serial"),
                        parameters.get("device_uuid"),
                        parameters.get("identifier_for_vendor"),
                        parameters.get("firebase_installation_id")),
                origin,
                own,
                dialect,
                own ? serves(parameters.get("serves")) : null));
    }

    /** Our own devices serve addresses, and say so when they serve more. */
    private static List<String> serves(@Nullable String said) {
        return said == null
                ? ADDRESSES
                : Stream.of(said.split(",", -1)).filter(TYPES::contains).toList();
    }

    private static boolean hasControls(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    private static boolean isKey(String text) {
        try {
            return text.length() == KEY_LENGTH && Base64.getDecoder().decode(text).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
