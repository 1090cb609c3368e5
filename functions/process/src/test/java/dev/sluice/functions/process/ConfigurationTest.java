package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An account as code: by the command line, with the token of an API client. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class ConfigurationTest {
    private static final String WANTED = """
            sites:
              - name: Vienna
              - name: Graz
            groups:
              - name: Engineering
            resources:
              - name: Office
                type: cidr
                address: 10.1.0.0/16
                filters: [ "tcp:80-90", icmp ]
                sites: [ Vienna, Graz ]
              - name: git
                type: dns
                address: git.acme.example
                sites: [ Vienna ]
            policies:
              - group: Engineering
                resource: Office
                description: Work
                conditions:
                  - property: remote_ip
                    operator: is_in_cidr
                    values: [ 192.0.2.0/24 ]
              - group: Everyone
                resource: git
            policy_tests:
              - name: Somebody reaches git
                actor: user@example.com
                resource: git
                can_reach: true
            """;

    @TestHTTPResource("/")
    URI url;

    @Inject
    Transactions transactions;

    @Inject
    TokenService tokens;

    @Inject
    TokenKey key;

    @TempDir
    Path directory;

    private World world;
    private Map<String, String> environment;

    @BeforeEach
    void world() {
        world = new World(transactions, key);
        var caller = ApiCaller.of(url, world, tokens);
        environment = Map.of(
                "SLUICE_URL",
                url.toString(),
                "SLUICE_API_TOKEN",
                caller.headers().get("Authorization").substring("Bearer ".length()));
    }

    @Test
    void shouldBecomeWhatIsWrittenAndThenStaySo() throws Exception {
        world.authorize();

        var plan = apply(WANTED, "--dry-run");
        assertThat(plan.code()).as(plan.err()).isZero();
        assertThat(plan.out())
                .contains("+ site Vienna", "+ group Engineering", "+ resource Office", "+ policy Engineering → Office")
                .contains("+ policy test Somebody reaches git")
                .contains(
                        "- policy Group → Net 172.20.0.0/16",
                        "- resource Net 172.20.0.0/16",
                        "- group Group",
                        "- site Site")
                .contains("! access ends: User, client, Net 172.20.0.0/16")
                .contains("changes, not made.");
        assertThat(world.flowCount()).isOne();
        assertThat(world.count("SELECT count(*) FROM site WHERE account_id = ? AND name = 'Vienna'", world.accountId))
                .isZero();

        assertThat(apply(WANTED).out()).contains("+ site Vienna", "changes made.");
        assertThat(world.count("SELECT count(*) FROM flow WHERE account_id = ?", world.accountId))
                .isZero();
        assertThat(apply(WANTED).out()).isEqualTo("Nothing to change.\n");

        Path file = directory.resolve("exported.yaml");
        assertThat(run("export", file.toString()).code()).isZero();
        String exported = Files.readString(file);
        assertThat(apply(exported).out()).isEqualTo("Nothing to change.\n");
        assertThat(exported)
                .contains("name: Office", "address: 10.1.0.0/16", "tcp:80-90", "group: Engineering", "can_reach: true")
                .doesNotContain("Internet\n", "null");
        assertThat(run("policy-test", "run").out()).contains("Somebody reaches git  true");
    }

    @Test
    void shouldChangeWhatDiffersAndNothingElse() throws Exception {
        apply(WANTED);

        var changed = apply(WANTED.replace("10.1.0.0/16", "10.2.0.0/16")
                .replace("[ Vienna, Graz ]", "[ Graz ]")
                .replace("192.0.2.0/24", "198.51.100.0/24")
                .replace("description: Work", "description: Office hours")
                .replace("can_reach: true", "can_reach: false"));

        assertThat(changed.out())
                .contains(
                        "~ resource Office\n    address: 10.1.0.0/16 → 10.2.0.0/16\n    sites: [Graz, Vienna] → [Graz]")
                .contains("~ policy Engineering → Office\n    description: Work → Office hours")
                .contains("~ policy test Somebody reaches git")
                .contains("3 changes made.");
        assertThat(apply("policies: []\n").out())
                .isEqualTo("- policy Everyone → git\n- policy Engineering → Office\n2 changes made.\n");
        assertThat(apply("{}\n").out()).isEqualTo("Nothing to change.\n");
        assertThat(apply(WANTED.replace("type: cidr", "type: ip").replace("10.1.0.0/16", "10.1.0.1"))
                        .out())
                .contains("+ resource Office", "+ policy Engineering → Office", "- resource Office");
        assertThat(run("access", "what", "user@example.com").out())
                .contains("git")
                .doesNotContain("Office");
    }

    @Test
    void shouldKeepAResourceThatNoSiteServes() throws Exception {
        apply(WANTED);
        String unserved = WANTED.replace("sites: [ Vienna, Graz ]", "").replace("sites: [ Vienna ]", "");
        assertThat(apply(unserved).out()).isEqualTo("Nothing to change.\n");
        world.execute("DELETE FROM resource_site WHERE account_id = ?", world.accountId);

        Path file = directory.resolve("exported.yaml");
        assertThat(run("export", file.toString()).code()).isZero();
        assertThat(apply(Files.readString(file)).out()).isEqualTo("Nothing to change.\n");
        assertThat(apply(WANTED).out()).contains("sites: [] → [Graz, Vienna]");
        assertThat(apply(unserved.replace("10.1.0.0/16", "10.2.0.0/16")).out())
                .isEqualTo("~ resource Office\n    address: 10.1.0.0/16 → 10.2.0.0/16\n1 change made.\n");
        assertThat(apply(unserved.replace("git", "hg")).err()).contains("The resource 'hg' needs a site");
    }

    @Test
    void shouldKeepATestHoweverItsPartiesAreCalled() throws Exception {
        String byName = WANTED.replace("actor: user@example.com", "actor: User\n    verified: false");
        apply(byName);
        assertThat(apply(byName).out()).isEqualTo("Nothing to change.\n");

        String replaced = byName.replace("type: dns", "type: ip").replace("git.acme.example", "10.9.9.9");
        assertThat(apply(replaced).out()).contains("+ resource git", "~ policy test Somebody reaches git");
        assertThat(run("policy-test", "run").out()).contains("Somebody reaches git  true");
        assertThat(apply(replaced).out()).isEqualTo("Nothing to change.\n");

        assertThat(apply(byName.replace("verified: false", "remote_ip: nonsense"))
                        .err())
                .contains("is an address");
        assertThat(apply("sites: [ { name: " + "x".repeat(65) + " } ]").err()).contains("1 to 64 characters");
    }

    @Test
    void shouldDoAllOrNothing() throws Exception {
        var refused = List.of(
                apply(WANTED.replace("resource: git\n    can", "resource: hg\n    can")),
                apply(WANTED.replace("group: Everyone", "group: Nobody")),
                apply(WANTED.replace("sites: [ Vienna ]", "sites: [ Linz ]")),
                apply(WANTED.replace("name: Graz", "name: Vienna")),
                apply(WANTED.replace("actor: user@example.com", "actor: nobody")),
                apply(WANTED.replace("is_in_cidr", "is_near")),
                apply(WANTED.replace("tcp:80-90", "tcp:90-80")),
                apply(WANTED.replace("type: dns", "type: net")),
                apply(WANTED.replace("address: git.acme.example", "adress: git.acme.example")),
                apply("sites: [ unclosed"),
                apply("just text"));

        assertThat(refused).allMatch(outcome -> outcome.code() == 2);
        assertThat(refused.stream().map(CommandOutcome::err).toList())
                .satisfiesExactly(
                        said -> assertThat(said).contains("There is no resource 'hg'."),
                        said -> assertThat(said).contains("There is no group 'Nobody'."),
                        said -> assertThat(said).contains("There is no site 'Linz'."),
                        said -> assertThat(said).contains("'Vienna' is there twice."),
                        said -> assertThat(said).contains("There is no actor 'nobody'."),
                        said -> assertThat(said).contains("is not held against anything by 'is_near'"),
                        said -> assertThat(said).contains("'tcp:90-80' is no filter"),
                        said -> assertThat(said).contains("is dns, cidr, ip or internet"),
                        said -> assertThat(said).contains("is not known here"),
                        said -> assertThat(said).contains("is no YAML"),
                        said -> assertThat(said).contains("holds no sections"));
        assertThat(world.count("SELECT count(*) FROM site WHERE account_id = ? AND name = 'Vienna'", world.accountId))
                .isZero();
    }

    @Test
    void shouldBeHeldBackByAPolicyTest() throws Exception {
        apply(WANTED);
        assertThat(run("policy-test", "enforce").code()).isZero();

        var refused = apply(WANTED.replace("group: Everyone", "group: Engineering"));
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("'Somebody reaches git' (User could not reach git)");

        assertThat(run("policy-test", "enforce", "--off").code()).isZero();
        assertThat(apply(WANTED.replace("group: Everyone", "group: Engineering"))
                        .code())
                .isZero();
        assertThat(run("policy-test", "run").code()).isEqualTo(1);
    }

    private CommandOutcome apply(String text, String... options) throws Exception {
        Path file = directory.resolve("wanted.yaml");
        Files.writeString(file, text);
        List<String> arguments = new ArrayList<>(List.of("apply", file.toString()));
        arguments.addAll(List.of(options));
        return run(arguments.toArray(String[]::new));
    }

    private CommandOutcome run(String... arguments) {
        return CommandOutcome.of(environment, arguments);
    }
}
