package dev.sluice.functions.directory.entra;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;

/** Where Microsoft is: its clouds for governments and China are elsewhere. */
@ConfigMapping(prefix = "sluice.entra")
public interface EntraSettings {
    /** {@code SLUICE_ENTRA_LOGIN}. */
    @WithDefault("https://login.microsoftonline.com")
    URI login();

    /** {@code SLUICE_ENTRA_GRAPH}. */
    @WithDefault("https://graph.microsoft.com")
    URI graph();
}
