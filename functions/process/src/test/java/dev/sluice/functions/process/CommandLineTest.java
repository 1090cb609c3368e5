package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.database.InjectDatabase;
import dev.sluice.functions.database.TestDatabase;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line against the portal: as an operator by the admin listener, and with a token by the API. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class CommandLineTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @InjectDatabase
    TestDatabase database;

    @Inject
    AdminListener admin;

    @ConfigProperty(name = "sluice.data-dir")
    String data;

    @TestHTTPResource("/")
    String url;

    @TempDir
    Path directory;

    private Map<String, String> operator;

    @BeforeEach
    void startWithOneAccount() throws Exception {
        operator = Map.of("SLUICE_DATA_DIR", data, "SLUICE_ADMIN_PORT", Integer.toString(admin.port()));
        database.execute("TRUNCATE account CASCADE");
        run("account", "create", "--name", "Acme", "--slug", "acme", "--admin-email", "ada@acme.example");
    }

    @Test
    void shouldCreateWhatANewAccountNeedsToGrantAccess() throws Exception {
        run("resource create --type cidr --address 172.20.0.0/16 --site Internet --name office --filter tcp:80-90"
                + " --filter icmp");
        JsonNode policy = json(run(
                "policy",
                "create",
                "--group",
                "Everyone",
                "--resource",
                "office",
                "--condition",
                "remote_ip is_not_in_cidr 192.0.2.0/24",
                "--json"));
        CommandOutcome token = run("token create --type client --actor ada@acme.example --expires-in 7d --json");

        assertThat(policy.path("disabled_at").isNull()).isTrue();
        assertThat(policy.path("account").asText()).isEqualTo("acme");
        assertThat(run("policy list").out()).contains("Everyone", "office", "remote_ip is_not_in_cidr 192.0.2.0/24");
        assertThat(run("policy disable office").err()).contains("whoever comes over IPv6 passes it");
        assertThat(token.json().path("token").asText()).startsWith(".SFMyNTY.");
        assertThat(token.err()).contains("Keep the token now");
        assertThat(run("token list").out() + run("token list --json").out())
                .contains("ada@acme.example")
                .doesNotContain(token.json().path("token").asText());
        assertThat(run("resource list").out()).contains("tcp:80-90, icmp", "Internet");
    }

    @Test
    void shouldPrintALinkThatSignsAnAdminIn() throws Exception {
        for (String command : List.of("sign-in-link", "sign-in-link ada@acme.example --account acme")) {
            assertThat(run(command).out())
                    .startsWith("http://localhost:13000/acme/sign_in/link?token=.SFMyNTY.")
                    .endsWith("\n");
        }
        assertThat(run("sign-in-link --json").json().path("expires_at").asText())
                .isNotEmpty();
        run("actor create --type account_user --name Bob --email bob@acme.example");
        assertThat(run("sign-in-link bob@acme.example").code()).isEqualTo(2);
        assertThat(run("sign-in-link bob@acme.example").err()).contains("There is no admin 'bob@acme.example'");
        assertThat(run("seed").err()).contains("Its admin signs in", "/firezone/sign_in/link?token=");
    }

    @Test
    void shouldDoByATokenWhatAnAdminMay() throws Exception {
        run("actor create --type api_client --name Terraform");
        Path file = directory.resolve("api.token");
        run("token", "create", "--type", "api_client", "--actor", "Terraform", "--token-file", file.toString());
        var remote = Map.of(
                "SLUICE_URL", url, "SLUICE_API_TOKEN", Files.readString(file).strip());

        assertThat(run(remote, "site create --name Berlin").code()).isZero();
        assertThat(run(remote, "group create --name Crew").code()).isZero();
        assertThat(run(remote, "group add Crew ada@acme.example").out()).contains("added: 1");
        assertThat(run(remote, "group members Crew").out()).contains("ada@acme.example");
        assertThat(run(remote, "resource create --type ip --address 1.2.3.4 --site Berlin --name x")
                        .code())
                .isZero();
        assertThat(run(remote, "policy create --group Crew --resource 1.2.3.4").code())
                .isZero();
        assertThat(run(remote, "access who x").out()).contains("ada@acme.example", "Crew");
        assertThat(run(remote, "group remove Crew ada@acme.example").code()).isZero();
        assertThat(run(remote, "access who x").out()).isEqualTo("none\n");
        assertThat(run(remote, "audit list --action policy_created").out()).contains("by token");
        assertThat(run(remote, "audit export").out().lines())
                .allSatisfy(
                        line -> assertThat(JSON.readTree(line).has("action")).isTrue())
                .hasSizeGreaterThan(5);
        for (String command : List.of("status", "account list", "stream hold x", "restored", "sign-in-link")) {
            assertThat(run(remote, command).err()).as(command).contains("this is for operators");
        }
        assertThat(run(remote, "site list --account acme").err()).contains("leave --account out");
    }

    @Test
    void shouldSetUpADirectory() throws Exception {
        assertThat(run("directory create --name Okta").out()).contains("Okta", "scim");
        CommandOutcome token = run("token create --type directory --directory Okta --json");
        assertThat(token.json().path("type").asText()).isEqualTo("directory");
        assertThat(token.json().path("expires_at").isNull()).isTrue();
        assertThat(run("token create --type directory --site Internet").err()).contains("takes no --site");
        assertThat(run("token list").out()).contains("directory", "Okta");
        assertThat(run("directory disable Okta --json")
                        .json()
                        .path("disabled_at")
                        .isNull())
                .isFalse();
        assertThat(run("directory enable Okta --json")
                        .json()
                        .path("disabled_at")
                        .isNull())
                .isTrue();
        assertThat(run("directory list").out()).contains("Okta");
        assertThat(run("directory delete Okta --people eat").code()).isEqualTo(1);
        assertThat(run("directory delete Okta").code()).isZero();
        assertThat(run("directory list").out()).isEqualTo("none\n");

        run("directory create --name JumpCloud --type workos");
        assertThat(run("directory show JumpCloud").out()).contains("linked: false", "held users: 0");
        assertThat(run("directory link JumpCloud").err()).contains("WORKOS_API_KEY");
        assertThat(run("directory sync JumpCloud").err()).contains("make a set-up link");
        assertThat(run("directory held JumpCloud").out()).isEqualTo("none\n");
        assertThat(run("directory apply JumpCloud").err()).contains("Nothing is held");
        assertThat(run("directory runs JumpCloud").out()).isEqualTo("none\n");
        Path secret = Files.writeString(directory.resolve("secret"), "top-secret\n");
        assertThat(run("directory create --name Entra --type entra --tenant-id 11111111-2222-3333-4444-555555555555"
                                + " --client-id 11111111-2222-3333-4444-555555555555 --client-secret-file " + secret)
                        .out())
                .contains("Entra")
                .doesNotContain("top-secret");
        assertThat(run("directory create --name E --type entra").err()).contains("--tenant-id is missing");
    }

    @Test
    void shouldReplaceATokensSecretWhileItIsInUse() throws Exception {
        String token = json(run("token create --type gateway --site Internet --json"))
                .path("id")
                .asText();
        assertThat(json(run("token add-secret " + token + " --json"))
                        .path("token")
                        .asText())
                .startsWith(".SFMyNTY.");
        var secrets = json(run("token secrets " + token + " --json"));
        assertThat(secrets).hasSize(2);
        assertThat(run("token add-secret " + token).err()).contains("has 2 secrets already");

        String first = secrets.path(0).path("id").asText();
        assertThat(run("token withdraw-secret " + token + " " + first).code()).isZero();

        assertThat(json(run("token secrets " + token + " --json")))
                .extracting(secret -> secret.path("id").asText())
                .doesNotContain(first)
                .hasSize(1);
    }

    @Test
    void shouldTakeNameAddressOrIdForOneThing() throws Exception {
        String id = json(run("resource create --type ip --address 1.2.3.4 --site Internet --name resolver --json"))
                .path("id")
                .asText();
        run("policy create --group Everyone --resource 1.2.3.4");

        assertThat(run("policy disable resolver").out()).contains("enabled: false");
        assertThat(run("policy enable 1.2.3.4").out()).contains("enabled: true");
        assertThat(run("resource set-filters " + id + " --filter icmp").out()).contains("filters: icmp");
        assertThat(run("resource delete resolver").out()).contains(id);
        assertThat(run("policy list").out()).isEqualTo("none\n");
    }

    @Test
    void shouldListTheCandidatesOfAnAmbiguousName() throws Exception {
        String one = json(run("resource create --type ip --address 1.2.3.4 --site Internet --name same --json"))
                .path("id")
                .asText();
        String other = json(run("resource create --type ip --address 1.2.3.5 --site Internet --name same --json"))
                .path("id")
                .asText();

        assertThat(run("resource delete same").err())
                .contains("could mean more than one resource")
                .contains(one + "  same 1.2.3.4")
                .contains(other + "  same 1.2.3.5");
    }

    @Test
    void shouldAskWhichAccountIsMeantOnlyWhenSeveralHaveOne() throws Exception {
        run("account", "create", "--name", "Other", "--slug", "other", "--admin-email", "bob@other.example");
        run("resource create --type ip --address 1.2.3.4 --site Internet --name x --account other");

        assertThat(json(run("policy create --group Everyone --resource x --json"))
                        .path("account")
                        .asText())
                .isEqualTo("other");
        assertThat(run("token create --type gateway --site Internet").err())
                .contains("Several accounts have one", "acme", "other");
        assertThat(run("site create --name Berlin").err()).contains("Name one with --account", "acme", "other");
        assertThat(run("site list --account nowhere").err())
                .contains("There is no account 'nowhere'; there is acme, other.");
        assertThat(run("token create --type gateway --site Internet --account other")
                        .out())
                .contains("expires at: -");
        assertThat(run("site list").out()).contains("acme", "other");
    }

    @Test
    void shouldSayWhoReachesWhat() throws Exception {
        run("resource create --type ip --address 1.2.3.4 --site Internet --name resolver");
        run("resource create --type ip --address 1.2.3.5 --site Internet --name lonely");
        run(
                "policy",
                "create",
                "--group",
                "Everyone",
                "--resource",
                "resolver",
                "--condition",
                "remote_ip is_in_cidr 192.0.2.0/24");

        assertThat(run("access who resolver").out())
                .contains("ada@acme.example", "Everyone", "remote_ip is_in_cidr 192.0.2.0/24");
        assertThat(run("access what ada@acme.example").out())
                .contains("resolver", "1.2.3.4")
                .doesNotContain("lonely");

        CommandOutcome refused = run("explain resolver --actor ada@acme.example");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out())
                .contains("may not reach 'resolver'", "has to be in 192.0.2.0/24, which is not known")
                .contains("does not hold: remote_ip is_in_cidr 192.0.2.0/24 (not known)");
        assertThat(
                        run("explain 1.2.3.4 --actor ada@acme.example --remote-ip 192.0.2.1 --at 2026-01-31T09:00:00Z --json")
                                .out())
                .contains("\"gateway_offline\"", "\"holds\" : true", "\"at\" : \"2026-01-31T09:00:00Z\"");

        run("policy disable resolver");
        assertThat(run("access who resolver").out()).isEqualTo("none\n");
        assertThat(run("access what ada@acme.example").out()).isEqualTo("none\n");
    }

    @Test
    void shouldSignAnActorOutEverywhere() throws Exception {
        run("token create --type client --actor ada@acme.example --expires-in 7d");
        run("token create --type client --actor ada@acme.example");
        run("token create --type gateway --site Internet");

        assertThat(run("actor sign-out ada@acme.example").out()).contains("tokens: 2");
        assertThat(json(run("token list --json")))
                .extracting(token -> token.path("type").asText())
                .containsExactly("gateway");
    }

    @Test
    void shouldKeepAnActorOut() throws Exception {
        run("actor create --type user --name Bob --email bob@acme.example");
        run("token create --type client --actor Bob");

        assertThat(run("actor disable Bob").code()).isZero();
        assertThat(run("actor enable Bob").out()).contains("disabled: -");
        assertThat(run("actor delete bob@acme.example").code()).isZero();
        assertThat(run("actor disable ada@acme.example").err()).contains("last");
    }

    @Test
    void shouldNameTheOperatorInTheAuditOfEveryChange() throws Exception {
        run("resource create --type ip --address 1.2.3.4 --site Internet --name x");
        String policy = json(run("policy create --group Everyone --resource x --json"))
                .path("id")
                .asText();
        run("policy disable x");
        run("policy disable x");
        database.execute("UPDATE policy SET disabled_at = NULL");
        run("resource delete x");

        List<String> entries = new ArrayList<>();
        for (JsonNode entry : json(run("audit list --json"))) {
            assertThat(entry.path("request").isTextual())
                    .isEqualTo(entry.path("subject").asText().equals("operator"));
            entries.add(entry.path("action").asText() + " by "
                    + entry.path("subject").asText());
            if (entry.path("action").asText().startsWith("policy_")) {
                assertThat(entry.path("object_id").asText()).isEqualTo(policy);
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
        assertThat(run("audit list").out()).contains("disabled_at: none → ");
        assertThat(json(run("audit list --action policy_changed --json"))).hasSize(2);
        assertThat(run("audit list --limit 1").err()).contains("There is more than these 1");
    }

    @Test
    void shouldCreateAnAccountWholeOrNotAtAll() throws Exception {
        database.execute("ALTER TABLE actor ADD CONSTRAINT refusal CHECK (email <> 'refused@acme.example')");
        try {
            assertThat(run(
                                    "account",
                                    "create",
                                    "--name",
                                    "Bad",
                                    "--slug",
                                    "bad",
                                    "--admin-email",
                                    "refused@acme.example")
                            .code())
                    .isEqualTo(1);
        } finally {
            database.execute("ALTER TABLE actor DROP CONSTRAINT refusal");
        }
        assertThat(json(run("account list --json"))).hasSize(1);
    }

    @Test
    void shouldSayWhatIsThereAlready() throws Exception {
        assertThat(run("account", "create", "--name", "Acme", "--slug", "acme", "--admin-email", "x@y")
                        .err())
                .contains("account 'acme'");
        run("resource create --type internet --site Internet --name all");
        assertThat(run("resource create --type internet --site Internet --name all")
                        .err())
                .contains("an internet resource already");
        run("resource create --type ip --address 1.2.3.4 --site Internet --name x");
        run("policy create --group Everyone --resource x");
        assertThat(run("policy create --group Everyone --resource x").err())
                .contains("a policy for this resource already");
    }

    private static JsonNode json(CommandOutcome outcome) {
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome.json();
    }

    private CommandOutcome run(String command) {
        return CommandOutcome.of(operator, command.split(" "));
    }

    private CommandOutcome run(String first, String... more) {
        return CommandOutcome.of(
                operator, Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new));
    }

    private static CommandOutcome run(Map<String, String> environment, String command) {
        return CommandOutcome.of(environment, command.split(" "));
    }
}
