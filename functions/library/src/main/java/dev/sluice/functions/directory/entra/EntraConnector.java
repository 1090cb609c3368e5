package dev.sluice.functions.directory.entra;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.functions.directory.DirectoryType;
import dev.sluice.functions.directory.sync.ConnectorFactory;
import dev.sluice.functions.directory.sync.DirectoryConnector;
import dev.sluice.functions.directory.sync.DirectoryFailure;
import dev.sluice.functions.directory.sync.DirectorySource;
import dev.sluice.functions.directory.sync.ProviderClient;
import dev.sluice.functions.secret.Seal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Signs in to Entra as an application of the tenant's, and reads its Graph. */
@ApplicationScoped
public class EntraConnector implements ConnectorFactory {
    private static final String PROVIDER = "Entra";
    private static final String FORM = "application/x-www-form-urlencoded";

    private final ProviderClient client;
    private final EntraSettings settings;
    private final Seal seal;

    @Inject
    public EntraConnector(ProviderClient client, EntraSettings settings, Seal seal) {
        this.client = client;
        this.settings = settings;
        this.seal = seal;
    }

    @Override
    public String type() {
        return DirectoryType.ENTRA.word();
    }

    @Override
    public DirectoryConnector open(DirectorySource source) {
        String secret;
        try {
            secret = seal.open(source.directory().id(), Objects.requireNonNull(source.clientSecret()));
        } catch (IllegalArgumentException e) {
            throw DirectoryFailure.lasting("The client secret cannot be opened. Give it anew.");
        }
        String body = "grant_type=client_credentials&client_id="
                + encoded(Objects.requireNonNull(source.clientId())) + "&client_secret=" + encoded(secret) + "&scope="
                + encoded(base(settings.graph()) + "/.default");
        URI url = URI.create(base(settings.login()) + "/" + encoded(Objects.requireNonNull(source.tenantId()))
                + "/oauth2/v2.0/token");
        return new Graph(client, settings.graph(), () -> token(client.post(PROVIDER, url, null, FORM, body)));
    }

    private static Graph.Token token(JsonNode answer) {
        String text = answer.path("access_token").textValue();
        if (text == null) {
            throw DirectoryFailure.passing("Entra signs the portal in, and gives it no token.");
        }
        return new Graph.Token(text, answer.path("expires_in").asLong(0));
    }

    private static String base(URI uri) {
        return uri.toString().replaceFirst("/+$", "");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
