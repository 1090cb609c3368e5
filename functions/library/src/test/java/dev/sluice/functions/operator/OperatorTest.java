package dev.sluice.functions.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.database.InjectDatabase;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.sql.RequestException;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class OperatorTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @InjectDatabase
    TestDatabase database;

    @Inject
    Operator operator;

    @BeforeEach
    void startWithOneAccount() throws Exception {
        database.execute("TRUNCATE account CASCADE");
        run("account/create", "{'name':'Acme','slug':'acme','admin_email':'ada@acme.example'}");
    }

    @Test
    void shouldCreateWhatANewAccountNeedsToGrantAccess() throws Exception {
        run(
                "resource/create",
                "{'type':'cidr','address':'172.20.0.0/16','site':'Internet','name':'office',"
                        + "'filters':['tcp:80-90']}");
        JsonNode policy = run(
                "policy/create",
                "{'group':'Everyone','resource':'office','conditions':['remote_ip is_in_cidr 192.0.2.0/24']}");
        JsonNode token = run("token/create", "{'type':'client','actor':'ada@acme.example','expires_in':'7d'}");

        assertThat(policy.path("enabled").asBoolean()).isTrue();
        assertThat(policy.path("conditions").path(0).asText()).isEqualTo("remote_ip is_in_cidr 192.0.2.0/24");
        assertThat(token.path("token").asText()).startsWith(".SFMyNTY.");
        assertThat(run("token/list", "{}").toString())
                .doesNotContain(token.path("token").asText());
        assertThat(run("resource/list", "{}").path(0).path("filters").path(0).asText())
                .isEqualTo("tcp:80-90");
    }

    @Test
    void shouldReplaceATokensSecretWhileItIsInUse() throws Exception {
        String token = run("token/create", "{'type':'gateway','site':'Internet'}")
                .path("id")
                .asText();
        var other = run("token/add-secret", "{'token':'" + token + "'}");
        assertThat(other.path("token").asText()).startsWith(".SFMyNTY.");
        var secrets = run("token/secrets", "{'token':'" + token + "'}");
        assertThat(secrets).hasSize(2);

        String first = secrets.path(0).path("id").asText();
        run("token/withdraw-secret", "{'token':'" + token + "','secret':'" + first + "'}");

        assertThat(run("token/secrets", "{'token':'" + token + "'}"))
                .extracting(secret -> secret.path("id").asText())
                .doesNotContain(first)
                .hasSize(1);
    }

    @Test
    void shouldTakeNameAddressOrIdForOneThing() throws Exception {
        JsonNode made = run("resource/create", "{'type':'ip','address':'1.2.3.4','site':'Internet','name':'resolver'}");
        run("policy/create", "{'group':'Everyone','resource':'1.2.3.4'}");

        assertThat(run("policy/disable", "{'policy':'resolver'}")
                        .path("enabled")
                        .asBoolean())
                .isFalse();
        assertThat(run("policy/enable", "{'policy':'1.2.3.4'}").path("enabled").asBoolean())
                .isTrue();
        assertThat(run("resource/set-filters", "{'resource':'" + made.path("id").asText() + "','filters':['icmp']}")
                        .path("filters")
                        .path(0)
                        .asText())
                .isEqualTo("icmp");
        assertThat(run("resource/delete", "{'resource':'resolver'}").path("deleted"))
                .isEqualTo(made.path("id"));
        assertThat(run("policy/list", "{}")).isEmpty();
    }

    @Test
    void shouldListTheCandidatesOfAnAmbiguousName() throws Exception {
        JsonNode one = run("resource/create", "{'type':'ip','address':'1.2.3.4','site':'Internet','name':'same'}");
        JsonNode other = run("resource/create", "{'type':'ip','address':'1.2.3.5','site':'Internet','name':'same'}");

        assertThatThrownBy(() -> run("resource/delete", "{'resource':'same'}"))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("could mean more than one resource")
                .hasMessageContaining(one.path("id").asText() + "  same 1.2.3.4")
                .hasMessageContaining(other.path("id").asText() + "  same 1.2.3.5");
    }

    @Test
    void shouldAskWhichAccountIsMeantOnlyWhenSeveralHaveOne() throws Exception {
        run("account/create", "{'name':'Other','slug':'other','admin_email':'bob@other.example'}");
        run("resource/create", "{'type':'ip','address':'1.2.3.4','site':'Internet','name':'x','account':'other'}");

        assertThat(run("policy/create", "{'group':'Everyone','resource':'x'}")
                        .path("account")
                        .asText())
                .isEqualTo("other");
        assertThatThrownBy(() -> run("token/create", "{'type':'gateway','site':'Internet'}"))
                .hasMessageContaining("Several accounts have one")
                .hasMessageContaining("acme")
                .hasMessageContaining("other");
        assertThat(run("token/create", "{'type':'gateway','site':'Internet','account':'other'}")
                        .path("expires_at")
                        .isNull())
                .isTrue();
    }

    @Test
    void shouldSayWhoReachesWhat() throws Exception {
        run("resource/create", "{'type':'ip','address':'1.2.3.4','site':'Internet','name':'resolver'}");
        run("resource/create", "{'type':'ip','address':'1.2.3.5','site':'Internet','name':'nobody reaches it'}");
        run(
                "policy/create",
                "{'group':'Everyone','resource':'resolver','conditions':['remote_ip is_in_cidr 192.0.2.0/24']}");

        JsonNode who = run("access/who", "{'resource':'resolver'}");
        assertThat(who).hasSize(1);
        assertThat(who.path(0).path("email").asText()).isEqualTo("ada@acme.example");
        assertThat(who.path(0).path("group").asText()).isEqualTo("Everyone");
        assertThat(who.path(0).path("conditions").path(0).asText()).isEqualTo("remote_ip is_in_cidr 192.0.2.0/24");
        assertThat(run("access/what", "{'actor':'ada@acme.example'}"))
                .extracting(way -> way.path("resource").asText())
                .containsExactly("resolver");

        run("policy/disable", "{'policy':'resolver'}");
        assertThat(run("access/who", "{'resource':'resolver'}")).isEmpty();
        assertThat(run("access/what", "{'actor':'ada@acme.example'}")).isEmpty();
    }

    @Test
    void shouldSignAnActorOutEverywhere() throws Exception {
        run("token/create", "{'type':'client','actor':'ada@acme.example','expires_in':'7d'}");
        run("token/create", "{'type':'client','actor':'ada@acme.example','expires_in':'7d'}");
        run("token/create", "{'type':'gateway','site':'Internet'}");

        assertThat(run("actor/list", "{}").path(0).path("email").asText()).isEqualTo("ada@acme.example");
        assertThat(run("actor/sign-out", "{'actor':'ada@acme.example'}")
                        .path("tokens")
                        .asInt())
                .isEqualTo(2);
        assertThat(run("token/list", "{}"))
                .extracting(token -> token.path("type").asText())
                .containsExactly("gateway");
    }

    @Test
    void shouldSayWhatThereIsWhenANameIsUnknown() {
        assertThatThrownBy(() -> run("token/create", "{'type':'client','actor':'nobody','expires_in':'7d'}"))
                .hasMessage("There is no actor 'nobody'; there is ada@acme.example ada@acme.example.");
    }

    @Test
    void shouldNameTheOperatorInTheAuditOfEveryChange() throws Exception {
        run("resource/create", "{'type':'ip','address':'1.2.3.4','site':'Internet','name':'x'}");
        JsonNode policy = run("policy/create", "{'group':'Everyone','resource':'x'}");
        run("policy/disable", "{'policy':'x'}");
        run("policy/disable", "{'policy':'x'}");
        database.execute("UPDATE policy SET disabled_at = NULL");
        run("resource/delete", "{'resource':'x'}");

        List<String> entries = new ArrayList<>();
        for (JsonNode entry : run("audit/list", "{}")) {
            if (entry.path("subject").asText().equals("operator")) {
                assertThat(entry.path("request").asText()).startsWith("request-of-");
            }
            entries.add(entry.path("action").asText() + " by "
                    + entry.path("subject").asText());
            if (entry.path("action").asText().startsWith("policy_")) {
                assertThat(entry.path("object_id")).isEqualTo(policy.path("id"));
            }
        }
        assertThat(entries)
                .containsSubsequence(
                        "policy_changed by role sluice_owner",
                        "policy_changed by operator",
                        "policy_created by operator",
                        "resource_created by operator",
                        "account_created by operator")
                .contains("resource_deleted by operator", "policy_deleted by operator")
                .filteredOn("policy_changed by operator"::equals)
                .hasSize(1);
    }

    @Test
    void shouldCreateAnAccountWholeOrNotAtAll() throws Exception {
        assertThatThrownBy(() -> run(
                        "account/create",
                        "{'name':'Other','slug':'other','admin_email':'" + "e".repeat(100) + "\\u0000'}"))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("'admin_email' must not have control characters");
        database.execute("ALTER TABLE actor ADD CONSTRAINT refusal CHECK (email <> 'refused')");
        assertThatThrownBy(() -> run("account/create", "{'name':'Other','slug':'other','admin_email':'refused'}"))
                .isNotInstanceOf(RequestException.class);
        database.execute("ALTER TABLE actor DROP CONSTRAINT refusal");
        assertThat(run("account/list", "{}")).hasSize(1);
    }

    @Test
    void shouldSayWhatIsThereAlready() throws Exception {
        assertConflict("account/create", "{'name':'Acme','slug':'acme','admin_email':'x'}", "account 'acme'");
        run("resource/create", "{'type':'internet','site':'Internet','name':'all'}");
        assertConflict(
                "resource/create",
                "{'type':'internet','site':'Internet','name':'all'}",
                "an internet resource already");
        run("resource/create", "{'type':'ip','address':'1.2.3.4','site':'Internet','name':'x'}");
        run("policy/create", "{'group':'Everyone','resource':'x'}");
        assertConflict("policy/create", "{'group':'Everyone','resource':'x'}", "a policy for this resource already");
    }

    @Test
    void shouldNameTheArgumentThatIsMissing() {
        assertThatThrownBy(() -> run("token/create", "{'type':'gateway'}"))
                .isInstanceOfSatisfying(
                        RequestException.class, e -> assertThat(e.argument()).contains("site"));
        assertThatThrownBy(() -> run("resource/create", "{'type':'ip','site':'Internet','name':'n'}"))
                .isInstanceOfSatisfying(
                        RequestException.class, e -> assertThat(e.argument()).contains("address"));
    }

    private void assertConflict(String command, String arguments, String message) {
        assertThatThrownBy(() -> run(command, arguments))
                .isInstanceOfSatisfying(
                        RequestException.class, e -> assertThat(e.kind()).isEqualTo(RequestException.Kind.CONFLICT))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "token/create | {'type':'client','expires_in':'7d'} | 'actor' is missing.",
                "token/create | {'type':'client','actor':'ada@acme.example','expires_in':'7'} | Write a time as",
                "token/create | {'type':'client','actor':'ada@acme.example','site':'x','expires_in':'7d'} | takes no 'site'",
                "token/create | {'type':'service','actor':'ada@acme.example','expires_in':'7d'} | is of type admin",
                "token/create | {'type':'relay'} | SLUICE_RELAYS",
                "token/withdraw-secret | {'token':'x','secret':'y'} | 'token secrets' lists them",
                "token/create | {'type':'key'} | is not a type of token",
                "token/delete | {'tokn':'x'} | 'tokn' is not an argument of this command.",
                "resource/create | {'type':'net','site':'Internet','name':'n'} | is not a type of resource",
                "resource/create | {'type':'ip','address':'x','site':'Internet','name':'n'} | x",
                "resource/set-filters | {'resource':'x','filters':['tcp:99999']} | is no filter",
                "policy/create | {'group':'Everyone','resource':'x','conditions':['moon is full']} | is no condition",
                "audit/list | {'limit':'0'} | 'limit' must be a number from 1",
                "flow/expire | {'flow':'x','in':'soon'} | Write a time as",
                "no/such | {} | There is no command 'no/such'."
            })
    void shouldRefuseWithWhatToDo(String command, String arguments, String message) {
        assertThatThrownBy(() -> run(command, arguments))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining(message);
    }

    private JsonNode run(String command, String arguments) throws Exception {
        return operator.run(command, JSON.readTree(arguments.replace('\'', '"')), "request-of-" + command);
    }
}
