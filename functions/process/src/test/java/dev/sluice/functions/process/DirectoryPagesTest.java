package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.auth.Sessions;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.directory.sync.DirectorySync;
import dev.sluice.functions.directory.workos.WorkOsStandIn;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A directory that is asked, as an admin sees it: it is linked, asked, and decided about what it does not mention any more. */
@QuarkusTest
@TestProfile(WorkOsProfile.class)
@WithTestResource(DatabaseTestResource.class)
class DirectoryPagesTest {
    @Inject
    WebListener web;

    @Inject
    Transactions transactions;

    @Inject
    Sessions sessions;

    @Inject
    TokenKey key;

    @Inject
    DirectorySync sync;

    private final WorkOsStandIn workos = WorkOsProfile.workos();

    private World world;
    private SignedInAdmin admin;

    @BeforeEach
    void signIn() throws Exception {
        world = new World(transactions, key);
        admin = SignedInAdmin.of(world, sessions, web);
    }

    private String path(Browser.Page done) {
        assertThat(done.status()).as(done.body()).isEqualTo(303);
        return done.location().substring(("/" + admin.slug()).length());
    }

    /** What stands in for WorkOS is everybody's. */
    @AfterEach
    void forget() {
        workos.recover();
        IntStream.range(0, 20).forEach(number -> workos.removePerson("p" + number));
    }

    private void ask(String directory) {
        sync.run(world.accountId, UUID.fromString(directory.substring("/directories/".length())));
    }

    @Test
    void shouldLinkADirectoryAskItAndDecideAboutWhatItHolds() throws Exception {
        IntStream.range(0, 20).forEach(number -> workos.person("p" + number, "Person " + number, true));
        String directory = path(admin.post("/directories", Map.of("name", "JumpCloud", "type", "workos")));
        assertThat(admin.post(directory + "/runs", Map.of()).body()).contains("No directory is linked yet");
        assertThat(admin.post(directory + "/setup_links", Map.of()).body())
                .contains("href=\"https://setup.workos.example/");
        ask(directory);
        assertThat(admin.get(directory).body())
                .contains("20 people", ">applied<", "asked")
                .doesNotContain("Link it");
        assertThat(path(admin.post(directory + "/runs", Map.of()))).isEqualTo(directory);
        assertThat(admin.get("/directories").body()).doesNotContain("waits for you");

        IntStream.range(0, 10).forEach(number -> workos.removePerson("p" + number));
        ask(directory);
        assertThat(admin.get(directory).body()).contains("It waits for you", "10 people, 0 groups");
        assertThat(admin.get("/directories").body()).contains("waits for you");
        assertThat(admin.get("").body()).contains(directory);
        assertThat(admin.get(directory + "/held").body()).contains("Person 1<", "/people/");
        assertThat(path(admin.post(directory + "/held/apply", Map.of()))).isEqualTo(directory);
        assertThat(admin.get(directory).body()).contains("10 people");
        assertThat(admin.post(directory + "/held/apply", Map.of()).status()).isEqualTo(409);
        assertThat(admin.get(directory + "/held").body()).contains("Nothing is held.");

        IntStream.range(10, 16).forEach(number -> workos.removePerson("p" + number));
        ask(directory);
        path(admin.post(directory + "/held/discard", Map.of()));
        assertThat(admin.get(directory).body()).contains("10 people").doesNotContain("It waits for you");
        assertThat(admin.get(directory + "/delete").body()).contains("It has made 10 people and 0 groups.");
        assertThat(admin.post(directory + "/delete", Map.of()).status()).isEqualTo(422);
        assertThat(path(admin.post(directory + "/delete", Map.of("people", "delete"))))
                .isEqualTo("/directories");
        assertThat(world.count(
                        "SELECT count(*) FROM actor WHERE account_id = ? AND name LIKE 'Person%'", world.accountId))
                .isZero();
        workos.fail(500, 100);
        String other = path(admin.post("/directories", Map.of("name", "Other", "type", "workos")));
        assertThat(admin.post(other + "/setup_links", Map.of()).status()).isEqualTo(409);
    }
}
