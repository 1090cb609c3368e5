package dev.sluice.functions.outgoing;

import dev.sluice.functions.address.IpNetwork;
import dev.sluice.functions.settings.SettingException;
import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** Where requests may go that the world at large cannot reach. */
@ConfigMapping(prefix = "sluice.outgoing")
public interface OutgoingSettings {
    /** Networks of the operator's, such as {@code 10.1.0.0/16}, whose servers accounts may name; without TLS too. */
    Optional<List<String>> allow();

    /**
     * The same, as networks.
     *
     * @throws SettingException when one is none
     */
    default List<IpNetwork> allowed() {
        return allow().orElse(List.of()).stream()
                .map(text -> IpNetwork.parse(text.strip())
                        .orElseThrow(() -> new SettingException(
                                "sluice.outgoing.allow has '" + text + "', which is no network: take 10.1.0.0/16.")))
                .toList();
    }
}
