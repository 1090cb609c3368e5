package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.auth.Authentication;
import dev.sluice.functions.auth.Sessions;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.auth.TokenType;
import dev.sluice.functions.auth.TokenVerifier;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sites, as an admin sees and changes them. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class SitePagesTest {
    private static final Pattern TOKEN = Pattern.compile("^(\\.SFMyNTY\\.[A-Za-z0-9_.-]+)$", Pattern.MULTILINE);
    private static final Pattern NEXT = Pattern.compile("href=\"([^\"]+)\" rel=\"next\"");
    private static final Pattern LISTED = Pattern.compile("/sites/[0-9a-f-]{36}\">([^<]+)</a>");

    @Inject
    WebListener web;

    @Inject
    Transactions transactions;

    @Inject
    Sessions sessions;

    @Inject
    TokenVerifier verifier;

    @Inject
    TokenKey key;

    private World world;
    private SignedInAdmin admin;

    @BeforeEach
    void signIn() throws Exception {
        world = new World(transactions, key);
        admin = SignedInAdmin.of(world, sessions, web);
    }

    private Browser.Page create(String name) throws Exception {
        return admin.post("/sites", Map.of("name", name));
    }

    @Test
    void shouldMakeASiteAndAGatewaysToken() throws Exception {
        var created = create("  Vienna ");
        assertThat(created.status()).as(created.body()).isEqualTo(303);
        String site = created.location().substring(("/" + admin.slug()).length());
        var page = admin.get(site);
        assertThat(page.body()).contains("<h1>Vienna</h1>", "No gateway has signed in here yet.");
        assertThat(admin.get("/sites").body()).contains(">Vienna</a>");
        String by = world.one(
                "SELECT subject FROM audit_entry WHERE account_id = ? AND action = 'site_created' ORDER BY id DESC LIMIT 1",
                row -> row.text("subject"),
                world.accountId);
        assertThat(by).startsWith("actor " + admin.actor());

        var made = admin.post(site + "/tokens", Map.of());
        assertThat(made.status()).isEqualTo(201);
        Matcher token = TOKEN.matcher(made.body());
        assertThat(token.find()).as(made.body()).isTrue();
        assertThat(made.body())
                .contains("It is shown this once", "SLUICE_API_URL=ws://", "${CREDENTIALS_DIRECTORY}/token");
        assertThat(made.header("Cache-Control")).isEqualTo("no-store");
        assertThat(verifier.authenticate(TokenType.GATEWAY, token.group(1)))
                .isInstanceOf(Authentication.Accepted.class);

        String after = admin.get(site).body();
        assertThat(after).doesNotContain("SFMyNTY").contains("Withdraw");
        Matcher withdrawal =
                Pattern.compile("/sites/[0-9a-f-]+/tokens/[0-9a-f-]+/delete").matcher(after);
        assertThat(withdrawal.find()).isTrue();
        assertThat(admin.post(withdrawal.group(), Map.of()).status()).isEqualTo(303);
        assertThat(verifier.authenticate(TokenType.GATEWAY, token.group(1))).isInstanceOf(Authentication.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "a\u0001b",
                "01234567890123456789012345678901234567890123456789012345678901234",
                "Site"
            })
    void shouldSayBesideTheFieldWhatIsWrongWithAName(String name) throws Exception {
        world.execute("DELETE FROM site WHERE account_id = ? AND name = 'other'", world.accountId);
        long before = world.count("SELECT count(*) FROM site WHERE account_id = ?", world.accountId);
        var refused = create(name);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body()).contains("aria-invalid=\"true\"", "role=\"alert\"");
        assertThat(world.count("SELECT count(*) FROM site WHERE account_id = ?", world.accountId))
                .isEqualTo(before);
        var site = create("other").location().substring(("/" + admin.slug()).length());
        assertThat(rename(site, name).status()).isEqualTo(422);
        assertThat(admin.get(site).body()).contains("<h1>other</h1>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "\"><img src=x onerror=alert(1)>",
                "{frame.form}",
                "\u202Eanneiv\u202C 🏢 Ünïté"
            })
    void shouldShowANameAsItIs(String name) throws Exception {
        var created = create(name);
        assertThat(created.status()).as(created.body()).isEqualTo(303);
        String site = created.location().substring(("/" + admin.slug()).length());
        String escaped = name.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
        for (String path : List.of(site, "/sites", site + "/delete")) {
            assertThat(admin.get(path).body()).contains(escaped).doesNotContain("<script>", "<img src=x");
        }
    }

    private Browser.Page rename(String path, String name) throws Exception {
        return admin.post(path, Map.of("name", name, "version", admin.get(path).field("version")));
    }

    @Test
    void shouldRenameASite() throws Exception {
        String site = create("Vienna").location().substring(("/" + admin.slug()).length());
        assertThat(rename(site, "Graz").status()).isEqualTo(303);
        assertThat(admin.get(site).body()).contains("<h1>Graz</h1>", "value=\"Graz\"");
    }

    @Test
    void shouldSayWhoseAccessADeletionEnds() throws Exception {
        world.authorize();
        String site = "/sites/" + world.siteId;
        assertThat(admin.get(site + "/delete").body())
                .contains("1 of its gateways go with it", "This ends 1 flow of 1 person at once.");
        assertThat(world.flowCount()).isOne();
        assertThat(admin.post(site + "/delete", Map.of()).location()).isEqualTo(admin.address("/sites"));
        assertThat(world.flowCount()).isZero();
        assertThat(admin.get(site).status()).isEqualTo(404);
        assertThat(admin.get(site).body()).contains("There is no such page");
    }

    private static String site(World of, String name) {
        return of.one("SELECT id FROM site WHERE account_id = ? AND name = ?", row -> row.id("id"), of.accountId, name)
                .toString();
    }

    @Test
    void shouldLeaveTheInternetsSiteAsItIs() throws Exception {
        String site = "/sites/" + site(world, "Internet");
        // There is no form for it, and so no version that it was shown with.
        String version = world.one(
                "SELECT version::text FROM site WHERE account_id = ? AND name = 'Internet'",
                row -> row.text("version"),
                world.accountId);
        assertThat(admin.post(site, Map.of("name", "Mine", "version", version)).body())
                .contains("stays as it is");
        assertThat(admin.post(site + "/delete", Map.of()).status()).isEqualTo(409);
        // Gateways stand there as well.
        assertThat(admin.get(site).body()).contains("Make a token").doesNotContain("Rename it", "Delete this site");
    }

    @Test
    void shouldGoThroughAListByPages() throws Exception {
        for (int n = 0; n < 120; n++) {
            world.site(String.format("Place %03d", n));
        }
        List<String> seen = new ArrayList<>();
        String path = "/sites";
        while (true) {
            var page = admin.get(path);
            assertThat(page.status()).isEqualTo(200);
            LISTED.matcher(page.body()).results().forEach(result -> seen.add(result.group(1)));
            Matcher next = NEXT.matcher(page.body());
            if (!next.find()) {
                break;
            }
            path = next.group(1).replace("&amp;", "&").substring(("/" + admin.slug()).length());
        }
        assertThat(seen)
                .doesNotHaveDuplicates()
                .contains("Place 000", "Place 119")
                .hasSizeGreaterThan(120);
        assertThat(admin.get("/sites?search=Place+05").body())
                .contains("Place 050", "Place 059", "value=\"Place 05\"")
                .doesNotContain("Place 060");
        assertThat(admin.get("/sites?search=nothing").body()).contains("No site's name begins with");
        var tampered = admin.get("/sites?page_cursor=AAAA");
        assertThat(tampered.status()).isEqualTo(400);
        assertThat(tampered.body()).contains("That could not be done");
    }

    @Test
    void shouldNotKnowWhatIsAnothers() throws Exception {
        var other = new World(transactions, key);
        String theirs = "/sites/" + other.siteId;
        String nowhere = "/sites/" + Ids.next();
        for (String path : List.of("", "/delete")) {
            var page = admin.get(theirs + path);
            assertThat(page.status()).isEqualTo(404);
            assertThat(page.body().replaceAll("Request [0-9a-f-]+", ""))
                    .isEqualTo(admin.get(nowhere + path).body().replaceAll("Request [0-9a-f-]+", ""));
        }
        for (String path : List.of("", "/delete", "/tokens", "/tokens/" + other.gatewayToken.id() + "/delete")) {
            assertThat(admin.post(theirs + path, Map.of("name", "Mine")).status())
                    .as(path)
                    .isEqualTo(404);
        }
        String withTheirToken = "/sites/" + world.siteId + "/tokens/" + other.gatewayToken.id() + "/delete";
        assertThat(admin.post(withTheirToken, Map.of()).status()).isEqualTo(404);
        assertThat(admin.get("/sites/nonsense").status()).isEqualTo(404);
        assertThat(other.count("SELECT count(*) FROM site WHERE account_id = ?", other.accountId))
                .isEqualTo(2);
    }

    @Test
    void shouldTakeNoFormThatIsNotItsOwn() throws Exception {
        String site = "/sites/" + world.siteId;
        for (String path : List.of(
                "/sites",
                site,
                site + "/delete",
                site + "/tokens",
                site + "/tokens/" + world.gatewayToken.id() + "/delete")) {
            var refused = admin.browser().post(admin.address(path), Map.of("name", "x", "form", "x"));
            assertThat(refused.status()).as(path).isEqualTo(403);
        }
        assertThat(world.count("SELECT count(*) FROM site WHERE account_id = ? AND name = 'Site'", world.accountId))
                .isOne();
    }
}
