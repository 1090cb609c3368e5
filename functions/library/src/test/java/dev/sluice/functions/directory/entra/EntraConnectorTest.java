package dev.sluice.functions.directory.entra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.directory.Directory;
import dev.sluice.functions.directory.sync.DirectoryConnector;
import dev.sluice.functions.directory.sync.DirectoryConnectorKit;
import dev.sluice.functions.directory.sync.DirectoryFailure;
import dev.sluice.functions.directory.sync.DirectorySource;
import dev.sluice.functions.secret.Seal;
import dev.sluice.functions.secret.SecretSettings;
import dev.sluice.functions.testing.Settings;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EntraConnectorTest extends DirectoryConnectorKit<EntraStandIn> {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private final Seal seal = new Seal(Settings.of(SecretSettings.class, Map.of("sluice.secrets.key", KEY)));
    private final UUID id = UUID.randomUUID();

    EntraConnectorTest() {
        super(new EntraStandIn());
    }

    @Override
    protected DirectoryConnector open() {
        return open("s&cret");
    }

    private DirectoryConnector open(String secret) {
        var settings = Settings.of(
                EntraSettings.class,
                Map.of(
                        "sluice.entra.login",
                        provider.url().toString(),
                        "sluice.entra.graph",
                        provider.url().toString()));
        return new EntraConnector(client, settings, seal)
                .open(new DirectorySource(
                        new Directory(UUID.randomUUID(), id, "Entra", false),
                        "entra",
                        EntraStandIn.TENANT,
                        "99999999-2222-3333-4444-555555555555",
                        seal.seal(id, secret),
                        null,
                        null));
    }

    @Test
    void shouldSignInOnce() {
        provider.person("u1", "Ada", true);
        var connector = open();
        connector.users(null);
        connector.groups(null);

        assertThat(provider.requests())
                .containsExactly(
                        "POST /" + EntraStandIn.TENANT + "/oauth2/v2.0/token", "GET /v1.0/users", "GET /v1.0/groups");
    }

    @Test
    void shouldSayThatItsSecretIsWrong() {
        assertThatThrownBy(() -> open("wrong").users(null))
                .isInstanceOf(DirectoryFailure.class)
                .hasMessageContaining("401")
                .hasMessageContaining("AADSTS7000215");
    }

    /** Its token would go there. */
    @Test
    void shouldFollowNoPageToAnotherPlace() {
        provider.person("u1", "Ada", true);
        provider.person("u2", "Grace", true);
        provider.pageSize(1);
        var connector = open();
        int port = provider.url().getPort();
        for (String origin : new String[] {
            "http://graph.example:" + port,
            "https://127.0.0.1:" + port,
            "http://127.0.0.1:1",
            "http://u@127.0.0.1:" + port,
            "::"
        }) {
            provider.leadTo(origin);
            String next = connector.users(null).next();
            assertThat(next).startsWith(origin);
            assertThatThrownBy(() -> connector.users(next))
                    .as(origin)
                    .isInstanceOf(DirectoryFailure.class)
                    .hasMessageContaining("somewhere else");
        }
        provider.recover();
        assertThat(connector.users(connector.users(null).next()).rows()).hasSize(1);
    }
}
