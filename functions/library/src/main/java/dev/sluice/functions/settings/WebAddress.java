package dev.sluice.functions.settings;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where people find the console. */
@ApplicationScoped
public class WebAddress {
    private final String base;
    private final String host;
    private final int devicePort;

    @Inject
    WebAddress(
            @ConfigProperty(name = "sluice.web.url", defaultValue = "http://localhost:13000") URI url,
            @ConfigProperty(name = "quarkus.http.port", defaultValue = "13001") int devicePort) {
        String text = url.toString();
        this.host = url.getHost();
        this.devicePort = devicePort;
        this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    /** @param path of ours, from its first slash on */
    public String of(String path) {
        return base + path;
    }

    /** Where devices reach the portal, unless something stands between. */
    public String ofDevices() {
        return (isSecure() ? "wss://" : "ws://") + host + ":" + devicePort;
    }

    /** Where programs reach it, likewise. */
    public String ofApi() {
        return (isSecure() ? "https://" : "http://") + host + ":" + devicePort;
    }

    /** Whether browsers come by TLS, which may end before the portal. */
    public boolean isSecure() {
        return base.startsWith("https:");
    }
}
