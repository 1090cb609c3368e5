package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.database.InjectDatabase;
import dev.sluice.functions.database.TestDatabase;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the command line says where something cannot be done. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class CommandRefusalTest {
    @InjectDatabase
    TestDatabase database;

    @Inject
    AdminListener admin;

    @ConfigProperty(name = "sluice.data-dir")
    String data;

    @TestHTTPResource("/")
    String url;

    private Map<String, String> operator;

    @BeforeEach
    void startWithOneAccount() throws Exception {
        operator = Map.of("SLUICE_DATA_DIR", data, "SLUICE_ADMIN_PORT", Integer.toString(admin.port()));
        database.execute("TRUNCATE account CASCADE");
        run(operator, "account create --name Acme --slug acme --admin-email ada@acme.example");
    }

    @Test
    void shouldKeepATokenFromBeingReadOnItsWay() {
        for (String bad :
                List.of("http://portal.example", "ftp://portal.example", "portal.example", "https://a b", "")) {
            assertThat(run(Map.of("SLUICE_URL", bad, "SLUICE_API_TOKEN", "t"), "site list")
                            .code())
                    .as(bad)
                    .isEqualTo(1);
        }
        assertThat(run(Map.of("SLUICE_URL", "http://portal.example", "SLUICE_API_TOKEN", "t"), "site list")
                        .err())
                .contains("over plain http the token could be read");
        assertThat(run(Map.of("SLUICE_URL", url), "site list").err()).contains("SLUICE_API_TOKEN is not");
        assertThat(run(Map.of("SLUICE_URL", url, "SLUICE_API_TOKEN", "nonsense"), "site list")
                        .err())
                .contains("does not accept the token in SLUICE_API_TOKEN")
                .doesNotContain("nonsense");
    }

    @Test
    void shouldRefuseWithWhatToDo() {
        refuses(2, "token create --type client", "--actor is missing.");
        refuses(2, "token create --type gateway", "--site is missing.");
        refuses(2, "token create --type client --actor ada@acme.example --expires-in 7", "Write a time as");
        refuses(2, "token create --type client --actor ada@acme.example --site x", "takes no --site");
        refuses(2, "token create --type service --actor ada@acme.example", "Use --type client");
        refuses(2, "token create --type relay", "SLUICE_RELAYS");
        refuses(2, "token create --type key", "is not a type of token");
        refuses(2, "token withdraw-secret x y", "'token secrets' lists them");
        refuses(
                1,
                "token create --type client --actor nobody",
                "There is no actor 'nobody'; there is ada@acme.example");
        refuses(2, "resource create --type net --site Internet --name n", "--type");
        refuses(2, "resource create --type ip --site Internet --name n", "--address");
        refuses(2, "resource create --type ip --address x --site Internet --name n", "is no IP address");
        refuses(
                2,
                "resource create --type ip --address 1.2.3.4 --site Internet --name n --filter tcp:99999",
                "is no filter");
        refuses(
                2,
                "resource create --type ip --address 1.2.3.4 --site Internet --name n --filter foo",
                "tcp, udp or icmp");
        refuses(2, "resource create --type ip --address 1.2.3.4 --site Internet", "--name");
        refuses(1, "policy create --group Everyone --resource x", "There is no resource 'x'.");
        refuses(1, "policy disable x", "There is no resource 'x'.");
        refuses(2, "policy create --group Everyone --resource x --condition moon", "is no condition");
        refuses(2, "audit list --limit 0", "--limit is a number from 1");
        refuses(1, "audit list --since yesterday", "'since' is a time as in");
        refuses(2, "flow expire x --in soon", "Write a time as");
        refuses(1, "flow end x", "There is no resource 'x'.");
        refuses(2, "actor create --type robot --name n", "is no type of actor");
        refuses(2, "actor create --type service_account --name n --email a@b.c", "Only people have");
        refuses(2, "account create --name A --slug acme2 --admin-email a@b.c", "--name has 3 to 64 characters");
        refuses(2, "account create --name Acme --slug ACME --admin-email a@b.c", "--slug has 3 to 100 characters");
        refuses(2, "account create --name Acme --slug acme2 --admin-email ada", "--admin-email is an e-mail address");
        refuses(2, "explain x", "--client or --actor");
        refuses(2, "no such", "Unmatched arguments");
    }

    private void refuses(int code, String command, String message) {
        CommandOutcome outcome = run(operator, command);

        assertThat(outcome.err()).as(command).contains(message);
        assertThat(outcome.code()).as(command).isEqualTo(code);
    }

    @Test
    void shouldExplainEveryCommand() {
        for (String command : List.of(
                "account",
                "site",
                "actor",
                "group",
                "token",
                "resource",
                "policy",
                "access",
                "explain",
                "flow",
                "stream",
                "device",
                "audit",
                "status",
                "verify",
                "seed",
                "reject-access")) {
            assertThat(run(Map.of(), command + " --help").out())
                    .as(command)
                    .contains("Usage: sluice portal " + command);
        }
    }

    private static CommandOutcome run(Map<String, String> environment, String command) {
        return CommandOutcome.of(environment, command.split(" "));
    }
}
