package dev.sluice.functions.auth;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where people find the console. */
@ApplicationScoped
public class WebAddress {
    private final String base;

    @Inject
    WebAddress(@ConfigProperty(name = "sluice.web.url", defaultValue = "http://localhost:13000") URI url) {
        String text = url.toString();
        this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    /** What a link's text is opened by. */
    public String of(Sessions.Link link) {
        return base + "/" + link.slug() + "/sign_in/link?token=" + link.text().value();
    }

    /** Whether browsers come by TLS, which may end before the portal. */
    public boolean isSecure() {
        return base.startsWith("https:");
    }
}
